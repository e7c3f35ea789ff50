using Fluke6.Frames;

namespace Fluke6.Captures;

/// <summary>
/// Reads a capture packet by packet, in the file's order and in memory that does not grow with the file. Whatever the file holds, nothing but
/// a <see cref="CaptureReadException"/> is thrown. One thread at a time.
/// </summary>
internal abstract class CaptureReader : IDisposable
{
    private protected CaptureReader(CaptureInput input) => Input = input;

    /// <summary>The capture's name.</summary>
    public string Name => Input.Name;

    /// <summary>How many bytes of the file were read so far.</summary>
    public long Position => Input.Position;

    /// <summary>How many packets were read so far, the one at hand included.</summary>
    public long Packets { get; private set; }

    /// <summary>When the packet was seen, in nanoseconds since 1970, UTC.</summary>
    public long Time { get; private protected set; }

    /// <summary>The packet; valid until the next one is read. Empty where <see cref="IsTooLong"/>.</summary>
    public ReadOnlySpan<byte> Octets => Packet.Span;

    /// <summary>How many bytes of the packet the capture lacks, since it was made with a snapshot length.</summary>
    public int MissingOctets { get; private protected set; }

    /// <summary>Whether the packet is longer than any frame, and was passed over.</summary>
    public bool IsTooLong { get; private protected set; }

    /// <summary>The link type as in the file. https://www.ietf.org/archive/id/draft-ietf-opsawg-pcaplinktype-07.html</summary>
    public ushort LinkTypeNumber { get; private protected set; }

    /// <summary>Which interface the packet was seen at, from 0.</summary>
    public int Interface { get; private protected set; }

    /// <summary>How many interfaces the capture, or this section of it, has as far as it was read.</summary>
    public int Interfaces { get; private protected set; } = 1;

    /// <summary>
    /// Whether Fluke6 wrote this and the packet is one that left: what its rules changed, answered or sent, and not what came in.
    /// </summary>
    public bool IsDeparture { get; private protected set; }

    /// <summary>The header that the packet begins with.</summary>
    /// <exception cref="CaptureReadException">Something that Fluke6 has no frames for.</exception>
    public LinkType LinkType => CaptureLinkTypes.TryFind(LinkTypeNumber, out LinkType linkType)
        ? linkType
        : throw Fault($": packet {Packets:N0} is {CaptureLinkTypes.Describe(LinkTypeNumber)}; Fluke6 replays Ethernet frames and IP packets");

    private protected CaptureInput Input { get; }

    /// <summary>The packet's bytes.</summary>
    private protected ReadOnlyMemory<byte> Packet { get; set; }

    /// <summary>Begins to read a capture, of whichever kind.</summary>
    /// <param name="stream">Its bytes; closed with the reader.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="CaptureReadException">It is none, or of a kind that Fluke6 does not read.</exception>
    public static CaptureReader Open(Stream stream, string name)
    {
        var input = new CaptureInput(stream, name);
        try
        {
            ReadOnlySpan<byte> magic = input.Peek(sizeof(uint));
            if (magic.IsEmpty)
                throw new CaptureReadException($"{name} is empty, so it is no capture");
            if (PcapReader.Knows(magic))
                return new PcapReader(input);
            if (PcapngReader.Knows(magic))
                return new PcapngReader(input);

            string? program = UnpackProgram(magic);
            throw new CaptureReadException(program is null
                ? $"{name} is no capture: it begins with {Convert.ToHexStringLower(magic)}, not as pcap or pcapng does"
                : $"{name} is compressed: unpack it first, as with {program}");
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next packet.</summary>
    /// <returns>False at the capture's end.</returns>
    /// <exception cref="CaptureReadException">The capture is damaged or cut short here; what was read before is sound.</exception>
    public bool MoveNext()
    {
        if (!TryReadPacket())
            return false;

        Packets++;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => Input.Dispose();

    /// <summary>Reads the next packet.</summary>
    private protected abstract bool TryReadPacket();

    /// <summary>The exception to throw.</summary>
    /// <param name="what">The fault, to stand after the name.</param>
    private protected CaptureReadException Fault(string what) => new($"{Name}{what}");

    /// <summary>The exception to throw where the file ends within something.</summary>
    private protected CaptureReadException CutShort(string within) => Fault($" is cut short: it ends within {within}");

    private static string? UnpackProgram(ReadOnlySpan<byte> magic) => magic switch
    {
        [0x1F, 0x8B, ..] => "gunzip",
        [0x28, 0xB5, 0x2F, 0xFD] => "unzstd",
        [0xFD, (byte)'7', (byte)'z', (byte)'X'] => "unxz",
        [(byte)'B', (byte)'Z', (byte)'h', ..] => "bunzip2",
        [0x04, 0x22, 0x4D, 0x18] => "unlz4",
        _ => null,
    };
}
