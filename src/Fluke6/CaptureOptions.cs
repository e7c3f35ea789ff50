using System.CommandLine;
using System.Globalization;
using Fluke6.Captures;

namespace Fluke6.Command;

/// <summary>Options that say where a capture ends by itself: of <c>fluke6 bridge</c> and of <c>fluke6 capture</c>.</summary>
internal static class CaptureOptions
{
    /// <summary>After how many packets.</summary>
    public static Option<long?> Count(string name) => new(name)
    {
        Description = "Ends the capture after so many packets: a frame that a rule changed is two, as it arrived and as it left.",
        HelpName = "N",
        CustomParser = result =>
        {
            if (long.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out long packets) && packets > 0)
                return packets;

            result.AddError($"'{name} {result.Tokens[0].Value}' is no number of packets from 1 on");
            return null;
        },
    };

    /// <summary>At which length of its file.</summary>
    public static Option<long?> Size(string name) => new(name)
    {
        Description = "Ends the capture before its file has more than so many bytes; K, M and G after the number are KiB, MiB and GiB.",
        HelpName = "SIZE",
        CustomParser = result =>
        {
            if (ByteCount.Parse(result.Tokens[0].Value) is >= CaptureLimit.LeastBytes and var bytes)
                return bytes;

            result.AddError($"'{name} {result.Tokens[0].Value}' is no size of {CaptureLimit.LeastBytes / 1024}K at least, such as 100M");
            return null;
        },
    };
}
