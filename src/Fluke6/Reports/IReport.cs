using Fluke6.Bridging;
using Fluke6.Journal;

namespace Fluke6.Command.Reports;

/// <summary>Tells the user what the bridge does. Called from one thread.</summary>
internal interface IReport
{
    /// <summary>The bridge forwards.</summary>
    void Ready(IBridge bridge);

    /// <summary>Something happened.</summary>
    void Note(JournalNote note);

    /// <summary>A second passed.</summary>
    void Statistics(IBridge bridge);

    /// <summary>The bridge stopped.</summary>
    void End(IBridge bridge);
}
