using Fluke6.Frames;
using Fluke6.Rules;
using Fluke6.Scripting.Filters;

namespace Fluke6.Command;

/// <summary>Which frames a capture is to have, in libpcap's language and with its meaning. pcap-filter(7).</summary>
internal static class CaptureFilter
{
    /// <summary>Makes a filter a check of frames.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    /// <exception cref="DllNotFoundException">There is no libpcap.</exception>
    public static Func<FrameBuffer, bool> Compile(string text, LinkType frames)
    {
        TextGuard guard = PcapFilter.Compile(text);
        return TextGuardCode.Compile(frames == LinkType.Ethernet ? guard.Ethernet : guard.Ip).CreateDelegate<Func<FrameBuffer, bool>>();
    }

    /// <summary>Why a text is no filter, in a line; null if it is one.</summary>
    public static string? Trouble(string text)
    {
        try
        {
            PcapFilter.Compile(text);
            return null;
        }
        catch (Exception exception) when (exception is FormatException or DllNotFoundException)
        {
            return exception.Message;
        }
    }
}
