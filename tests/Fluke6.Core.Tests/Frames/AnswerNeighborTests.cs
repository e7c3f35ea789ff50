using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Frames;

public class AnswerNeighborTests
{
    private static readonly NeighborAdvertisementFields Fields =
        new(Ipv6Address.Parse("2604:5f00:ffff:fe00::101:ca75"), MacAddress.Parse("b8:27:eb:5a:af:b7"));

    [Fact]
    public void TheNotesSolicitationBecomesTheNotesAdvertisement()
    {
        FrameBuffer buffer = CourseNotes.Load(CourseNotes.Solicitation);

        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(Fields));

        Assert.Equal(CourseNotes.Advertisement, Convert.ToHexStringLower(buffer.Octets));
    }

    [Fact]
    public void TagsStay()
    {
        FrameBuffer buffer = CourseNotes.Load(CourseNotes.Solicitation.Insert(24, "8100006488a80065"));

        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(Fields));

        Assert.Equal(CourseNotes.Advertisement.Insert(24, "8100006488a80065"), Convert.ToHexStringLower(buffer.Octets));
    }

    [Fact]
    public void OnTunThereIsNoEthernet()
    {
        FrameBuffer buffer = CourseNotes.Load(CourseNotes.Solicitation[28..], LinkType.RawIp);

        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(Fields));

        Assert.Equal(CourseNotes.Advertisement[28..], Convert.ToHexStringLower(buffer.Octets));
    }

    [Fact]
    public void DuplicateAddressDetectionIsAnsweredToAllNodesAndNotSolicited()
    {
        FrameBuffer buffer = CourseNotes.Load(DuplicateAddressDetection());

        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(Fields));

        byte[] frame = buffer.Octets.ToArray();
        Assert.Equal("333300000001" + "b827eb5aafb7", Convert.ToHexStringLower(frame[..12]));
        Assert.Equal("ff020000000000000000000000000001", Convert.ToHexStringLower(frame[38..54]));
        Assert.Equal(0x20, frame[58]);
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
        Assert.Equal(14 + 40 + 32, frame.Length);
    }

    [Theory]
    [InlineData(false, 0x00)]
    [InlineData(true, 0x40)]
    public void EveryFlagAndFieldCanBeChosen(bool solicited, byte flag)
    {
        FrameBuffer buffer = CourseNotes.Load(CourseNotes.Solicitation);

        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(
            Fields with { Router = true, Override = false, LinkLayerAddress = null },
            source: Ipv6Address.Parse("fe80::1"), linkLayerSource: Fields.LinkLayerAddress, solicited: solicited));

        byte[] frame = buffer.Octets.ToArray();
        Assert.Equal("fe800000000000000000000000000001", Convert.ToHexStringLower(frame[22..38]));
        Assert.Equal(0x80 | flag, frame[58]);
        Assert.Equal(14 + 40 + 24, frame.Length);
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
    }

    [Fact]
    public void AGroupsMacAddressSendsNothing()
    {
        FrameBuffer buffer = CourseNotes.Load(CourseNotes.Solicitation);

        Assert.Equal(Verdict.Continue, new Frame(buffer).Answer(Fields with { LinkLayerAddress = null }));

        Assert.Equal(CourseNotes.Solicitation, Convert.ToHexStringLower(buffer.Octets));
    }

    [Fact]
    public void WithoutTheOptionTheAnswerGoesToWhereTheFrameCameFrom()
    {
        FrameBuffer buffer = CourseNotes.Load(Resummed(CourseNotes.Solicitation[..^16], 24));
        buffer.Octets[11] = 0x77;   // the last octet of the Ethernet source

        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(Fields));

        Assert.Equal("0026982adc77" + "b827eb5aafb7", Convert.ToHexStringLower(buffer.Octets[..12]));
    }

    /// <summary>RFC 4861 §7.1.1, point by point.</summary>
    public static TheoryData<string, string> Invalid => new()
    {
        { "hop limit", CourseNotes.Solicitation.Replace("3aff", "3afe", StringComparison.Ordinal) },
        { "checksum", CourseNotes.Solicitation.Replace("87006893", "87006894", StringComparison.Ordinal) },
        { "code", Resummed(CourseNotes.Solicitation.Replace("8700", "8701", StringComparison.Ordinal), 32) },
        { "too short", Resummed(CourseNotes.Solicitation[..^32], 16) },
        { "multicast target", Resummed(CourseNotes.Solicitation.Replace("0000000026045f", "00000000ff045f", StringComparison.Ordinal), 32) },
        { "option of length 0", Resummed(CourseNotes.Solicitation.Replace("01010026", "01000026", StringComparison.Ordinal), 32) },
        { "option past the end", Resummed(CourseNotes.Solicitation.Replace("01010026", "01020026", StringComparison.Ordinal), 32) },
        { "half an option", Resummed(CourseNotes.Solicitation[..^14], 25) },
        { "no address, yet a link-layer address", DuplicateAddressDetection(withOption: true) },
        { "no address, and not to the group", DuplicateAddressDetection(destination: "26045f00fffffe00000000000101ca75") },
        { "an advertisement", CourseNotes.Advertisement },
        { "an echo request", CourseNotes.EchoRequest },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void AnInvalidSolicitationIsNotAnswered(string what, string hex)
    {
        FrameBuffer buffer = CourseNotes.Load(hex);
        var before = new Snapshot(buffer);

        Assert.True(new Frame(buffer).Answer(Fields) == Verdict.Continue, what);
        before.AssertSame(buffer);
        Assert.False(buffer.Edited);
    }

    [Fact]
    public void UndoRestoresTheSolicitation()
    {
        FrameBuffer buffer = CourseNotes.Load(Resummed(CourseNotes.Solicitation[..^16], 24));
        var before = new Snapshot(buffer);

        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(Fields));      // longer than the question
        buffer.Undo();

        before.AssertSame(buffer);
    }

    private static string DuplicateAddressDetection(bool withOption = false, string destination = "ff0200000000000000000001ff01ca75")
    {
        string hex = CourseNotes.Solicitation
            .Replace("26045f00fffffe000000000000000001", new string('0', 32), StringComparison.Ordinal)
            .Replace("ff0200000000000000000001ff01ca75", destination, StringComparison.Ordinal);
        return withOption ? Resummed(hex, 32) : Resummed(hex[..^16], 24);
    }

    /// <summary>The frame with another ICMPv6 length, and a checksum that is right for it.</summary>
    private static string Resummed(string hex, int length)
    {
        byte[] frame = Convert.FromHexString(hex);
        WriteUInt16BigEndian(frame.AsSpan(18), (ushort)length);
        frame[56] = frame[57] = 0;
        ushort sum = NaiveSum.Sum([.. frame[22..54], 0, 58, 0, (byte)length, .. frame[54..]]);
        WriteUInt16BigEndian(frame.AsSpan(56), (ushort)(0xFFFF - sum));
        return Convert.ToHexStringLower(frame);
    }
}
