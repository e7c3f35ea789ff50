using Fluke6.Command.Supervision;
using Fluke6.Linux;

namespace Fluke6.Command.Tests;

/// <summary>A bridge that was restarted for the threads' sake that rules left behind, as its parent sees it.</summary>
public sealed class ReliefTests : IDisposable
{
    private readonly RuleFolder _folder = new();
    private readonly SharedPage _page = SharedPage.Create();

    public void Dispose()
    {
        _page.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void RulesThatLeftThreadsStayOutUntilTheyAreSavedAndNoOther()
    {
        string first = _folder.Write("10-first.csx", "");
        _folder.Write("20-second.csx", "");
        _folder.Write("30-other.csx", "");
        var blame = new Blame([_folder.Path]);
        _page.Ending = Ending.Relieved;
        _page.LeftBehindBy = ["10-first", "20-second"];

        var obituary = Obituary.Of(_page, new ChildStatus(1, null), outOfMemory: false);

        Assert.Null(obituary.Rule);
        Assert.EndsWith("(10-first, 20-second)", obituary.Sentence, StringComparison.Ordinal);
        Assert.Equal(["10-first", "20-second"], blame.Add(obituary));
        Assert.Equal(["10-first", "20-second"], blame.HeldBack().Keys.Order());
        File.SetLastWriteTimeUtc(first, DateTime.UtcNow.AddMinutes(1));
        Assert.Equal(["20-second"], blame.HeldBack().Keys);
    }

    [Fact]
    public void RuleThatIsAtOneLineWheneverTheBridgeIsKilledStaysOutTheThirdTime()
    {
        string path = _folder.Write("10-kills.csx", "");
        var blame = new Blame([_folder.Path]);
        Obituary Killed(string at) => new(null, "the bridge was ended by SIGKILL (kill -9)") { Suspect = ("10-kills", at) };

        Assert.Empty(blame.Add(Killed("10-kills.csx:4")));
        Assert.Empty(blame.Add(Killed("10-kills.csx:4")));
        // By chance, it is soon somewhere else, or at nothing.
        Assert.Empty(blame.Add(Killed("10-kills.csx:9")));
        Assert.Empty(blame.Add(Killed("10-kills.csx:9")));
        Assert.Empty(blame.Add(new Obituary(null, "the bridge was ended by SIGKILL (kill -9)")));
        Assert.Empty(blame.Add(Killed("10-kills.csx:9")));
        Assert.Empty(blame.Add(Killed("10-kills.csx:9")));
        Assert.Empty(blame.HeldBack());

        Assert.Equal(["10-kills"], blame.Add(Killed("10-kills.csx:9")));
        Assert.Equal("the bridge was killed 3 times in a row while it was at 10-kills.csx:9", Assert.Single(blame.HeldBack()).Value);
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddMinutes(1));
        Assert.Empty(blame.HeldBack());
    }

    [Fact]
    public void NamesThatDoNotFitAreLeftOutWhole()
    {
        string[] names = [.. Enumerable.Range(0, 100).Select(number => $"{number:000}-{new string('ü', 30)}")];

        _page.LeftBehindBy = names;

        IReadOnlyList<string> kept = _page.LeftBehindBy;
        Assert.InRange(kept.Count, 50, 99);
        Assert.Equal(names.Take(kept.Count), kept);
    }
}
