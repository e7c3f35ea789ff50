using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

public class AnswerArpTests
{
    private static readonly ArpFields Fields = ArpFields.Reply(Ipv4Address.Parse("192.0.2.9"), MacAddress.Parse("02:00:00:00:00:06"));

    [Theory]
    [InlineData("")]
    [InlineData("81000064")]
    public void ARequestBecomesItsReply(string tag)
    {
        FrameBuffer buffer = Request(tag);

        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(Fields));

        Assert.Equal(
            "020000000001020000000006" + tag + "0806" + "0001080006040002" + "020000000006C0000209" + "020000000001C0000201" + new string('0', 36),
            Convert.ToHexString(buffer.Octets));
    }

    [Fact]
    public void OnlyRequestsAreAnswered()
    {
        FrameBuffer buffer = Request();
        buffer.Octets[21] = 2;
        var before = new Snapshot(buffer);

        Assert.Equal(Verdict.Continue, new Frame(buffer).Answer(Fields));
        Assert.Equal(Verdict.Continue, new Frame(new FrameShape().ToBuffer()).Answer(Fields));
        before.AssertSame(buffer);
    }

    /// <summary>Who has 192.0.2.9? tells 192.0.2.1 at 02:00:00:00:00:01; padded to 60 octets and what tags add.</summary>
    public static FrameBuffer Request(string tag = "")
    {
        var buffer = new FrameBuffer(new FrameUndo());
        string hex = "FFFFFFFFFFFF020000000001" + tag + "0806" + "0001080006040001" + "020000000001C0000201" + "000000000000C0000209";
        buffer.Load(Convert.FromHexString(hex + new string('0', 36)), LinkType.Ethernet, default);
        return buffer;
    }
}
