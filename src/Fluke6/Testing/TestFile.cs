using System.Globalization;
using Fluke6.Bridging;

namespace Fluke6.Command.Testing;

/// <summary>
/// Reads a file of tests. A test begins with <c>## TITLE</c>; then come its settings, and then what happens: <c>left</c> or <c>right</c> with a
/// frame that arrives there, <c>after 2 s</c>, <c>end</c>; below each what is to come of it: <c>out SIDE</c> with a frame, or <c>out SIDE same</c>,
/// <c>verdict</c>, <c>log</c>, <c>hits</c>. A frame stands in hex on indented lines, or is <c>capture FILE packet N</c>. After # and a blank
/// stands a comment. A frame may also stand in the words of <see cref="Frames.FramePrinter"/>, and below them its payload: in hex, or a DNS
/// message in the words of its view. <c>upstream PARAMETER</c> lets somebody serve on loopback, and <c>answer</c> says what that one sends back.
/// </summary>
internal sealed partial class TestFile
{
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(10_000);
    private readonly string _path;
    private readonly List<TestCase> _cases = [];
    private TestCase? _case;
    private TestStep? _step;
    private ExpectedFrame? _expected;
    private int _line;

    private TestFile(string path) => _path = path;

    /// <summary>The tests of a file.</summary>
    /// <exception cref="CommandFailure">A line is none that belongs there, or the file cannot be read.</exception>
    public static IReadOnlyList<TestCase> Read(string path)
    {
        var file = new TestFile(path);
        foreach (string line in LinesOf(path))
        {
            file._line++;
            file.ReadLine(line);
        }

        file.EndFrame();
        return file._cases;
    }

    private static string[] LinesOf(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, $"{path} cannot be read: {exception.Message.TrimEnd('.')}");
        }
    }

    private static string WithoutComment(string line)
    {
        int comment = line.StartsWith('#') ? 0 : line.IndexOf(" # ", StringComparison.Ordinal);
        return (comment < 0 ? line : line[..comment]).TrimEnd();
    }

    private void ReadLine(string line)
    {
        if (line.StartsWith("## ", StringComparison.Ordinal))
        {
            EndFrame();
            _cases.Add(_case = new TestCase(line[3..].Trim(), _line));
            _step = null;
            return;
        }

        string text = line.StartsWith("log ", StringComparison.Ordinal) ? line : WithoutComment(line);
        if (text.Length == 0)
            return;
        if (_case is null)
            throw Fault("a test begins with '## ' and what it shows");
        if (text[0] == ' ')
        {
            AddOctets(text);
            return;
        }

        EndFrame();
        _expected = null;
        int blank = text.IndexOf(' ', StringComparison.Ordinal);
        (string word, string rest) = blank < 0 ? (text, "") : (text[..blank], text[(blank + 1)..]);
        // Lines that rules log may be indented.
        if (word != "log")
            rest = rest.Trim();
        if (!TryReadSetting(_case, word, rest) && !TryReadEvent(_case, word, rest) && !TryReadExpectation(word, rest))
            throw Fault($"'{word}' is none of set, ip, mtu, seed, allocates, upstream, left, right, answer, after, end, out, verdict, log, hits");
    }

    private bool TryReadSetting(TestCase test, string word, string rest)
    {
        switch (word)
        {
            case "set":
                int equals = rest.IndexOf('=', StringComparison.Ordinal);
                if (equals < 1)
                    throw Fault($"'set {rest}' is not set NAME=VALUE");
                test.Parameters[rest[..equals]] = rest[(equals + 1)..];
                return true;
            case "ip":
                RefuseRest(word, rest);
                return test.IsIp = true;
            case "allocates":
                RefuseRest(word, rest);
                return test.MayAllocate = true;
            case "upstream":
                test.Upstream = rest.Length > 0 ? rest : throw Fault("'upstream' wants the name of the rule's parameter for the port");
                return true;
            case "mtu":
                test.Mtu = Whole(rest, ushort.MaxValue, VirtualBridge.LeastMtu);
                return true;
            case "seed":
                test.Seed = Whole(rest, int.MaxValue);
                return true;
            default:
                return false;
        }
    }

    private bool TryReadEvent(TestCase test, string word, string rest)
    {
        switch (word)
        {
            case "left" or "right":
                var step = new TestStep(_line) { From = SideOf(word) };
                BeginFrame(rest, octets => (step.Frame, step.LastLine) = (octets, _lastOfFrame));
                _step = step;
                break;
            case "answer":
                if (test.Upstream is null)
                    throw Fault("'answer' is upstream's, and there is none: write 'upstream PARAMETER' first");
                var answer = new TestStep(_line) { IsAnswer = true };
                BeginFrame(rest, octets => (answer.Frame, answer.LastLine) = (octets, _lastOfFrame));
                _step = answer;
                break;
            case "after":
                _step = new TestStep(_line) { After = Duration(rest) };
                break;
            case "end":
                RefuseRest(word, rest);
                _step = new TestStep(_line) { IsEnd = true };
                break;
            default:
                return false;
        }

        test.Steps.Add(_step);
        return true;
    }

    private bool TryReadExpectation(string word, string rest)
    {
        if (word is not ("out" or "verdict" or "log" or "hits"))
            return false;
        if (_step is not { } step)
            throw Fault($"'{word}' says what is to come of something: of left, right, after or end before it");

        string[] words = rest.Split(' ', 2, StringSplitOptions.TrimEntries);
        switch (word)
        {
            case "out":
                var expected = new ExpectedFrame(_line, SideOf(words[0]));
                string frame = words.Length > 1 ? words[1] : "";
                expected.IsSame = frame == "same";
                if (expected.IsSame && step.From is null)
                    throw Fault("'same' is the frame that arrived, and none did");
                _expected = expected;
                if (!expected.IsSame)
                    BeginFrame(frame, octets => expected.Octets = octets);
                step.Departures.Add(expected);
                break;
            case "verdict" when step.From is null:
                throw Fault("'verdict' says what becomes of a frame that arrives: of left or right before it");
            case "verdict" when step.Verdict is not null:
                throw Fault("a frame has one verdict, and there is one above");
            case "verdict":
                step.Verdict = Enum.TryParse(rest, ignoreCase: true, out Verdict verdict) && Enum.IsDefined(verdict)
                    ? verdict
                    : throw Fault($"'{rest}' is none of Continue, Accept, Drop, Reflect, Hold");
                break;
            case "log":
                step.Log.Add(rest);
                break;
            default:
                step.Hits.Add(words.Length == 1 ? (null, Whole(words[0], int.MaxValue)) : (words[0], Whole(words[1], int.MaxValue)));
                break;
        }

        return true;
    }

    private Side SideOf(string word) => word switch
    {
        "left" => Side.Left,
        "right" => Side.Right,
        _ => throw Fault($"'{word}' is neither left nor right"),
    };

    private TimeSpan Duration(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long unit = words is [_, var name]
            ? name switch
            {
                "us" => TimeSpan.TicksPerMicrosecond, "ms" => TimeSpan.TicksPerMillisecond, "s" => TimeSpan.TicksPerSecond,
                "min" => TimeSpan.TicksPerMinute, "h" => TimeSpan.TicksPerHour, _ => 0,
            }
            : 0;
        return unit > 0 && decimal.TryParse(words[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            && number <= (decimal)s_longestWait.Ticks / unit && number * unit >= 1
            ? TimeSpan.FromTicks((long)(number * unit))
            : throw Fault($"'after {text}' is not a number and one of us, ms, s, min, h, up to {s_longestWait.TotalHours:N0} h");
    }

    private int Whole(string text, int most, int least = 0) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number : throw Fault($"'{text}' is not a whole number {(least > 0 ? $"from {least} to" : "up to")} {most:N0}");

    private void RefuseRest(string word, string rest)
    {
        if (rest.Length > 0)
            throw Fault($"'{word}' stands alone, without '{rest}'");
    }

    private CommandFailure Fault(string what) => new(ExitCode.Usage, $"{_path}:{_line}: {what}");
}
