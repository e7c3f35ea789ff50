namespace Fluke6.Streams;

/// <summary>Replaces a text wherever it stands in a stream, also across segments. Of what came last only the beginning of a possible
/// match waits.</summary>
internal sealed class TextReplacement
{
    private readonly byte[] _old;
    private readonly byte[] _new;

    /// <exception cref="ArgumentException">There is nothing to look for.</exception>
    public TextReplacement(ReadOnlySpan<byte> old, ReadOnlySpan<byte> @new)
    {
        if (old.IsEmpty)
            throw new ArgumentException("ReplaceTcp: the text to replace is empty; give at least one byte");

        (_old, _new) = (old.ToArray(), @new.ToArray());
    }

    /// <summary>Decides about bytes.</summary>
    public void Handle(TcpStream stream, TcpStreamData data)
    {
        int at;
        while ((at = data.IndexOf(_old)) >= 0)
        {
            data.Pass(at);
            data.Replace(_old.Length, _new);
        }

        data.Pass(data.Length - Begun(data.Bytes));
    }

    /// <summary>How many of the last bytes may be the beginning of a match.</summary>
    private int Begun(ReadOnlySpan<byte> bytes)
    {
        for (int length = Math.Min(_old.Length - 1, bytes.Length); length > 0; length--)
        {
            if (bytes[^length..].SequenceEqual(_old.AsSpan(0, length)))
                return length;
        }

        return 0;
    }
}
