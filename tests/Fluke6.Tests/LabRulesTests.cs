using Fluke6.Command.Lab;

namespace Fluke6.Command.Tests;

/// <summary>The lab's copies of the examples, which an update of the command leaves as they are.</summary>
public sealed class LabRulesTests
{
    [Fact]
    public void CopiesThatNoLongerCompileAreSaidToBeCopiesAndHowToHaveThemAnew()
    {
        var failure = LabRules.Explain(new CommandFailure(ExitCode.RulesDoNotCompile, "tcp-clamp-mss.csx(2,1): error CS0103: no such name"));
        Assert.Equal(ExitCode.RulesDoNotCompile, failure.ExitCode);
        Assert.Equal(
            ["tcp-clamp-mss.csx(2,1): error CS0103: no such name",
                $"the lab's rules are your copies in {LabRules.Folder}: mend them there, or type 'mv {LabRules.Folder} {LabRules.Folder}.old', "
                + "and the next lab begins with this version's"],
            failure.Lines);
    }

    [Fact]
    public void OtherFailuresAreSaidAsTheyAre()
    {
        var failure = new CommandFailure(ExitCode.Failed, "no space left");
        Assert.Same(failure, LabRules.Explain(failure));
    }
}
