using System.Buffers;
using Fluke6.Captures;
using Fluke6.Frames;

namespace Fluke6.Command.Testing;

// A frame of a test: bytes in hex, the printer's words with a payload below them, or a capture's packet.
internal sealed partial class TestFile
{
    private static readonly SearchValues<char> s_hex = SearchValues.Create("0123456789abcdefABCDEF ");
    private readonly List<string> _message = [];    // its payload, a DNS message in words
    private Action<byte[]>? _frame;      // takes what stands on indented lines
    private List<byte> _octets = [];
    private string? _words;             // a frame in the printer's words
    private int _lastOfFrame;

    private void BeginFrame(string text, Action<byte[]> take)
    {
        if (text.StartsWith("capture ", StringComparison.Ordinal))
        {
            _lastOfFrame = _line;
            take(FromCapture(text));
            return;
        }

        _frame = take;
        if (text.Length > 0)
            AddOctets(text);
    }

    private void AddOctets(string text)
    {
        if (_frame is null)
            throw Fault("an indented line belongs to a frame, and there is none");

        _lastOfFrame = _line;
        if (_message.Count > 0 || PrintedDns.Begins(text.Trim()))
        {
            _message.Add(text.Trim());
            return;
        }

        if (text.AsSpan().ContainsAnyExcept(s_hex))
        {
            _words = _words is null ? text.Trim() : $"{_words} {text.Trim()}";
            return;
        }

        try
        {
            _octets.AddRange(Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal)));
        }
        catch (FormatException)
        {
            throw Fault($"'{text.Trim()}' is not hexadecimal bytes");
        }
    }

    private void EndFrame()
    {
        if (_frame is null)
            return;
        if (_words is null && _octets.Count == 0 && _message.Count == 0)
            throw Fault("the frame before is empty");
        if (_octets.Count > 0 && _message.Count > 0)
            throw Fault("a payload is either in words or in hexadecimal bytes");
        if (_message.Count > 0 && _words is null && _step is not { IsAnswer: true })
            throw Fault("a DNS message stands below the words of its frame");
        if (_expected is not null && _words is not null && _octets.Count > 0)
            throw Fault("a frame that is to depart is either in words or in hexadecimal bytes");

        if (_expected is not null && _words is not null)
            (_expected.Words, _expected.Message) = (_words, [.. _message]);
        else
            _frame(_words is null ? PayloadInOctets() ?? [] : FrameOf(_words));
        (_frame, _octets, _expected, _words) = (null, [], null, null);
        _message.Clear();
    }

    private byte[]? PayloadInOctets()
    {
        if (_message.Count == 0)
            return _octets.Count == 0 ? null : [.. _octets];

        try
        {
            return PrintedDns.Write(_message);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException or ArgumentException)
        {
            throw Fault($"not understood, or not as it would be printed: {string.Join(" | ", _message)} ({exception.Message})");
        }
    }

    private byte[] FrameOf(string words) => PrintedFrame.TryWrite(words, PayloadInOctets(), out byte[] frame)
        ? frame
        : throw Fault($"not understood, or not as it would be printed: {words}"
            + (frame.Length == 0 ? "" : $"; that is {FramePrinter.Print(frame, _case!.LinkType)}"));

    private byte[] FromCapture(string text)
    {
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 4 || words[2] != "packet")
            throw Fault($"'{text}' is not capture FILE packet N");

        string path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(_path))!, words[1]);
        try
        {
            return CapturedPackets.Read(path, Whole(words[3], int.MaxValue));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CaptureReadException)
        {
            throw Fault(exception.Message);
        }
    }
}
