using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Journal;

namespace Fluke6.Scripting.Tests;

/// <summary>The bridge of <see cref="TestBridge"/> with a folder of scripts.</summary>
internal sealed class ScriptedBridge : TestBridge
{
    public ScriptedBridge(BridgeOptions? options = null, params (string Name, string Value)[] parameters)
        : base(options) =>
        Rules = new RuleSet(Bridge, [Folder.Path], parameters.ToDictionary(set => set.Name, set => set.Value));

    public ScriptFolder Folder { get; } = new();

    public RuleSet Rules { get; }

    /// <summary>Loads what is in the folder, starts the bridge and watches.</summary>
    public IReadOnlyList<RuleDiagnostic> Start()
    {
        IReadOnlyList<RuleDiagnostic> diagnostics = Rules.LoadAll();
        Bridge.Start();
        Rules.Watch();
        return diagnostics;
    }

    public RuleEntry Rule(string name) => Bridge.Chain.Entries.Single(rule => rule.Name == name);

    /// <summary>Lets a frame arrive at the left port and waits until the bridge is through with it.</summary>
    /// <returns>What came out on the right; null if nothing did.</returns>
    public byte[]? Pass(byte[] frame)
    {
        int before = Right.SentFrames.Count;
        long received = Left.Counters.RxFrames;
        Arrive(frame);
        Until(() => Left.Counters.RxFrames == received + 1);
        Drain();
        return Right.SentFrames.Skip(before).FirstOrDefault();
    }

    /// <summary>The reloads of a rule so far.</summary>
    public IReadOnlyList<ReloadNote> Reloads(string rule) => [.. Notes.OfType<ReloadNote>().Where(note => note.Rule == rule)];

    /// <summary>Saves a script and waits until it is loaded, or refused.</summary>
    public ReloadNote Save(string file, string text, Action<string, string>? save = null)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        int before = Reloads(name).Count;
        if (save is null)
            Folder.Write(file, text);
        else
            save(Folder[file], text);
        Until(() => Reloads(name).Count > before);
        return Reloads(name)[before];
    }

    public override void Dispose()
    {
        Rules.Dispose();
        base.Dispose();
        Folder.Dispose();
    }
}
