using System.Text;
using Fluke6.Streams;

namespace Fluke6.Core.Tests.Streams;

/// <summary>A text, what is to be replaced in it, and what is to become of it, told by a plain walk of its own.</summary>
internal sealed record StreamCase(byte[] Data, byte[] Expected, int[] Images)
{
    /// <summary>Replaces from the left, wherever it stands.</summary>
    public static StreamCase Of(byte[] data, byte[] old, byte[] @new)
    {
        var expected = new List<byte>();
        int[] images = new int[data.Length];
        for (int at = 0; at < data.Length;)
        {
            if (old.Length > data.Length - at || !data.AsSpan(at, old.Length).SequenceEqual(old))
            {
                expected.Add(data[at]);
                images[at++] = expected.Count;
                continue;
            }

            // One by one as far as that goes; the last stands for all that is more, or the rest for nothing.
            for (int i = 0; i < old.Length; i++)
                images[at + i] = expected.Count + (i == old.Length - 1 ? @new.Length : Math.Min(i + 1, @new.Length));
            expected.AddRange(@new);
            at += old.Length;
        }

        return new StreamCase(data, [.. expected], images);
    }

    /// <summary>Text of two letters, so that matches, and halves of them, are everywhere.</summary>
    public static byte[] Text(Random random, int length, double share = 0.5)
    {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++)
            text[i] = random.NextDouble() < share ? (byte)'a' : (byte)'b';
        return text;
    }
}

/// <summary>Runs of a simulated network whose rule replaces one text by another, each run others.</summary>
internal sealed class ReplacingRuns
{
    private static readonly int[] s_pieces = [2, 3, 8, 512, 1460];
    private TextReplacement _replacement = new("x"u8, "y"u8);
    private byte[] _old = [];
    private byte[] _new = [];

    public ReplacingRuns(TcpStreamOptions? options = null) => Network = new SimulatedNetwork(() => (stream, data) => _replacement.Handle(stream, data), options);

    public SimulatedNetwork Network { get; }

    /// <summary>Gives both ends something to send, and a rule that replaces.</summary>
    public (StreamCase FromClient, StreamCase FromServer) Next(Random random, int longest, byte[]? old = null, byte[]? @new = null)
    {
        _old = old ?? StreamCase.Text(random, 1 + random.Next(5));
        _new = @new ?? StreamCase.Text(random, random.Next(9));
        _replacement = new TextReplacement(_old, _new);
        double share = random.NextDouble();
        return (Of(random.Next(longest)), Of(random.Next(2) == 0 ? random.Next(longest) : random.Next(20)));

        StreamCase Of(int length) => StreamCase.Of(StreamCase.Text(random, length, share), _old, _new);
    }

    /// <summary>One run; if something is wrong in it, tells which frames led to that.</summary>
    public void RunOrTell(int seed, Hostility hostility, int longest = 1000, Func<SimulatedTcp, SimulatedTcp>? change = null)
    {
        try
        {
            Run(seed, hostility, longest, change);
        }
        catch (Exception exception)
        {
            var again = new ReplacingRuns(Network.Options);
            again.Network.Trace = [];
            Exception? told = Record.Exception(() => again.Run(seed, hostility, longest, change));
            string text = $"run {seed}, \"{Encoding.ASCII.GetString(_old)}\" to \"{Encoding.ASCII.GetString(_new)}\": {(told ?? exception).Message}";
            IEnumerable<string> states = again.Network.Streams.Work!.Flows.SelectMany(flow => (string[])[$"{flow.FromClient}", $"{flow.FromServer}"]);
            throw new InvalidOperationException(string.Join('\n', [text, .. again.Network.Trace.TakeLast(30), .. states]), exception);
        }
    }

    /// <summary>One run, all of it by chance.</summary>
    public void Run(int seed, Hostility hostility, int longest = 1000, Func<SimulatedTcp, SimulatedTcp>? change = null)
    {
        var random = new Random(seed);
        int piece = s_pieces[random.Next(s_pieces.Length)];
        // In the smallest pieces fewer, or a run would take too long.
        (StreamCase client, StreamCase server) = Next(random, piece < 10 ? Math.Max(longest / 8, 20) : longest);
        SimulatedTcp left = End(client, random, piece), right = End(server, random, piece);
        Network.Transfer(random, hostility, change?.Invoke(left) ?? left, change?.Invoke(right) ?? right);
    }

    /// <summary>An end that sends this, all else by chance.</summary>
    public static SimulatedTcp End(StreamCase what, Random random, int? pieceLength = null)
    {
        int piece = pieceLength ?? s_pieces[random.Next(s_pieces.Length)];
        int buffer = random.Next(3) == 0 ? 50 + random.Next(500) : 4000 + random.Next(60_000);
        return new SimulatedTcp
        {
            Data = what.Data,
            Expected = what.Expected,
            Images = what.Images,
            InitialNumber = random.Next(3) switch { 0 => uint.MaxValue - (uint)random.Next(2000), 1 => int.MaxValue - (uint)random.Next(2000), _ => (uint)random.NextInt64(1L << 32) },
            Piece = piece,
            Overlap = random.Next(4) switch { 0 => 1, 1 when piece < 10 => int.MaxValue, _ => 0 },
            IsReversed = random.Next(4) == 0,
            SegmentSize = random.Next(5) == 0 ? 100 + random.Next(400) : 0,
            // A rule may wait for more than the longest match: that much has to get under way.
            Congestion = Math.Max(piece * (2 + random.Next(30)), 20),
            Buffer = buffer,
            Shift = random.Next(buffer < 1000 ? 3 : 8),
            IsSlow = random.Next(6) == 0,
            HasSack = random.Next(5) != 0,
        };
    }
}
