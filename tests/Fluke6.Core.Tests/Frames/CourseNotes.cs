using Fluke6.Frames;

namespace Fluke6.Core.Tests.Frames;

/// <summary>The first four frames of the course notes on IPv6 that the project grew from.</summary>
public static class CourseNotes
{
    public const string Solicitation =
        "3333ff01ca750026982adcc186dd" +
        "6c00000000203aff26045f00fffffe000000000000000001ff0200000000000000000001ff01ca75" +
        "870068930000000026045f00fffffe00000000000101ca7501010026982adcc1";

    public const string Advertisement =
        "0026982adcc1b827eb5aafb786dd" +
        "6000000000203aff26045f00fffffe00000000000101ca7526045f00fffffe000000000000000001" +
        "8800a26a6000000026045f00fffffe00000000000101ca750201b827eb5aafb7";

    public const string EchoRequest =
        "b827eb5aafb70026982adcc186dd" +
        "6000000000403a382001047000230a02000000000000000226045f00fffffe00000000000101ca75" + "80008458" + EchoData;

    public const string EchoReply =
        "0026982adcc1b827eb5aafb786dd" +
        "6000000000403a4026045f00fffffe00000000000101ca752001047000230a020000000000000002" + "81008358" + EchoData;

    private const string EchoData =
        "52ce0002652c155900000000e5ef0c0000000000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637";

    public static FrameBuffer Load(string hex, LinkType linkType = LinkType.Ethernet)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(Convert.FromHexString(hex), linkType, default);
        return buffer;
    }
}
