using Fluke6.Command.Testing;

namespace Fluke6.Command.Tests.Testing;

/// <summary>A line of a test that says nothing, or nothing that can be, is a mistake with its number, and is not passed over.</summary>
public sealed class TestFileTests : IDisposable
{
    private const string Datagram = "ip\nleft IP (ttl 64, id 1, DF) 10.6.0.1.5 > 10.6.0.2.6: UDP, length 0\n";
    private readonly RuleFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("hello", "1: a test begins with '## ' and what it shows")]
    [InlineData("## a\nhello", "2: 'hello' is none of set, ip, mtu, seed, allocates, upstream, left, right, answer, after, end, out, verdict, log, hits")]
    [InlineData("## a\nip v4", "2: 'ip' stands alone, without 'v4'")]
    [InlineData("## a\nallocates much", "2: 'allocates' stands alone, without 'much'")]
    [InlineData("## a\nend now", "2: 'end' stands alone, without 'now'")]
    [InlineData("## a\nmtu 10", "2: '10' is not a whole number from 68 to 65,535")]
    [InlineData("## a\nmtu 70000", "2: '70000' is not a whole number from 68 to 65,535")]
    [InlineData("## a\nseed -1", "2: '-1' is not a whole number up to 2,147,483,647")]
    [InlineData("## a\nafter 5", "2: 'after 5' is not a number and one of us, ms, s, min, h, up to 240,000 h")]
    [InlineData("## a\nout left same", "2: 'out' says what is to come of something: of left, right, after or end before it")]
    [InlineData("## a\nafter 1 s\nverdict Drop", "3: 'verdict' says what becomes of a frame that arrives: of left or right before it")]
    [InlineData("## a\n" + Datagram + "verdict Fly", "4: 'Fly' is none of Continue, Accept, Drop, Reflect, Hold")]
    [InlineData("## a\n" + Datagram + "verdict Drop\nverdict Drop", "5: a frame has one verdict, and there is one above")]
    public void MistakeIsToldWithItsLine(string text, string message)
    {
        string file = _folder.Write("x.test", text);
        CommandFailure failure = Assert.Throws<CommandFailure>(() => TestFile.Read(file));
        Assert.Equal($"{file}:{message}", failure.Message);
        Assert.Equal(ExitCode.Usage, failure.ExitCode);
    }
}
