using Fluke6.Frames;

namespace Fluke6.Core.Tests.Frames;

/// <summary>The course notes' questions and answers, from Vectors/frames.txt, in hex.</summary>
internal static class CourseNotes
{
    public static string Solicitation => Hex.Of(Vectors.Frames["neighbor-solicitation"]);

    public static string Advertisement => Hex.Of(Vectors.Frames["neighbor-advertisement"]);

    public static string EchoRequest => Hex.Of(Vectors.Frames["echo-request"]);

    public static string EchoReply => Hex.Of(Vectors.Frames["echo-reply"]);

    public static FrameBuffer Load(string hex, LinkType linkType = LinkType.Ethernet) => Arrived.Buffer(Convert.FromHexString(hex), linkType);
}
