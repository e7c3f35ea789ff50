using Fluke6.Command.Supervision;

namespace Fluke6.Command.Tests;

/// <summary>What watchers changed about rules comes to the bridge after theirs.</summary>
public sealed class RuleChangesTests
{
    [Fact]
    public void TextHasEveryChangeWhateverCharactersItIsOf()
    {
        string last = "";
        var changes = new RuleChanges { Changed = text => last = text };
        changes.Set("10-a", "name", "first");
        changes.Set("10-a", "name", "two=2\nthree\u00e9");
        changes.Switch("a=b", off: true);
        changes.Switch("20-gone", off: true);
        changes.Switch("20-gone", off: false);

        var next = new RuleChanges(last);
        Assert.Equal(new Dictionary<string, string> { ["10-a.name"] = "two=2\nthree\u00e9" }, next.Parameters);
        Assert.Equal(["a=b"], next.Off);
        Assert.Equal((last, ""), ($"{next}", $"{new RuleChanges("")}"));
    }

    [Fact]
    public void PageHasAllChangesOrNone()
    {
        using SharedPage page = SharedPage.Create();
        Assert.Equal("", page.Changes);
        page.Changes = "10-a.x=1";
        Assert.Equal("10-a.x=1", page.Changes);
        page.Changes = new string('x', 1 << 17);
        Assert.Equal("", page.Changes);
    }
}
