using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Fluke6.Captures;

namespace Fluke6.Command;

/// <summary>The options of the capture that begins with a bridge. Those that say where it ends by itself <c>fluke6 capture</c> has, too.</summary>
internal sealed class CaptureOptions
{
    private readonly Option<long?> _count = Count("--capture-count");

    private readonly Option<long?> _size = Size("--capture-size");

    /// <summary>The options, each of which but the file needs the file.</summary>
    public CaptureOptions()
    {
        File.Validators.Add(result =>
        {
            string path = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            if (path.Length == 0 || Directory.Exists(path))
                result.AddError($"'--capture {path}' is no file to write to");
        });
        Ring.Validators.Add(result => NeedsFile(result, ", after which its files are named"));
        _count.Validators.Add(result => NeedsFile(result));
        _size.Validators.Add(result =>
        {
            if (NeedsFile(result) && result.GetResult(Ring) is not null)
                result.AddError("--capture-size ends a capture, and --capture-ring has it go on in the next file: choose one of both");
        });
        Filter.Validators.Add(result =>
        {
            if (NeedsFile(result) && result.Tokens is [.., { Value: var text }] && CaptureFilter.Trouble(text) is { } trouble)
                result.AddError($"--capture-filter: {trouble}");
        });
    }

    /// <summary>Where to.</summary>
    public Option<string?> File { get; } = new("--capture")
    {
        Description = "Writes a pcapng of every frame as it arrived and, where a rule changed, answered or sent one, as it left, with what the rule did "
            + "as the packet's comment. Overwrites FILE, unless it is a symbolic link. At the dashboard, c ends it.",
        HelpName = "FILE",
    };

    /// <summary>Which frames.</summary>
    public Option<string?> Filter { get; } = new("--capture-filter")
    {
        Description = "Captures only frames that a filter of libpcap's holds for as they arrive, with what becomes of each: \"tcp port 80\", or one flow: "
            + "\"host 192.0.2.1 and host 192.0.2.2 and tcp port 80\".",
        HelpName = "FILTER",
    };

    /// <summary>How many files, and how long ones.</summary>
    public Option<FileRingSize?> Ring { get; } = new("--capture-ring")
    {
        Description = "Captures to so many files of such a size (100M, 1G), of which the oldest makes room for the next: of seen.pcapng, "
            + "seen_00000001_20261231235959.pcapng and so on. Files of an earlier ring of the name count.",
        HelpName = "FILESxSIZE",
        CustomParser = result =>
        {
            FileRingSize? size = FileRingSize.Parse(result.Tokens[0].Value);
            if (size is null)
                result.AddError($"'--capture-ring {result.Tokens[0].Value}' is not FILESxSIZE, such as 10x100M: two files of 1M at least");
            return size;
        },
    };

    /// <summary>All but the file's.</summary>
    public IReadOnlyList<Option> Others => [Ring, Filter, _count, _size];

    /// <summary>Where the capture is to end by itself.</summary>
    public CaptureLimit LimitOf(ParseResult parsed) => new(parsed.GetValue(_count) ?? long.MaxValue, parsed.GetValue(_size) ?? long.MaxValue);

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

    private bool NeedsFile(OptionResult result, string why = "")
    {
        bool isThere = result.GetResult(File) is not null;
        if (!isThere)
            result.AddError($"{result.Option.Name} needs --capture FILE{why}");
        return isThere;
    }
}
