using System.Runtime.CompilerServices;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>
/// The options of a TCP header, in order. RFC 9293 §3.2. A malformed length (0, 1, or past the header) ends the walk and sets
/// <see cref="IsMalformed"/>; nothing loops, nothing throws.
/// </summary>
public readonly ref struct TcpOptions
{
    private readonly Span<byte> _header;    // from the header's first octet, so that offsets have the checksum's parity
    private readonly ChecksumField _checksum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TcpOptions(Span<byte> header, ChecksumField checksum)
    {
        _header = header;
        _checksum = checksum;
    }

    /// <summary>The option octets as they stand, padding included: 0 to 40.</summary>
    public ReadOnlySpan<byte> Octets => _header[TcpHeader.MinLength..];

    /// <summary>Whether a length in the list is impossible, so that what follows it cannot be told.</summary>
    public bool IsMalformed
    {
        get
        {
            Enumerator options = GetEnumerator();
            while (options.MoveNext())
            {
            }

            return options.IsMalformed;
        }
    }

    /// <summary>The first option of a kind.</summary>
    public bool TryGet(TcpOptionKind kind, out TcpOption option)
    {
        foreach (TcpOption candidate in this)
        {
            if (candidate.Kind == kind)
            {
                option = candidate;
                return true;
            }
        }

        option = default;
        return false;
    }

    /// <summary>Whether an option of this kind is there.</summary>
    public bool Contains(TcpOptionKind kind) => TryGet(kind, out _);

    /// <summary>
    /// Overwrites every option of this kind with NOPs, as netfilter does: no length changes. (To shrink the header instead, use
    /// <c>frame.RemoveTcpOption</c>.)
    /// </summary>
    /// <returns>Whether there was one.</returns>
    public bool Strip(TcpOptionKind kind)
    {
        bool found = false;
        // NOPs are what is written; End of Option List is where the walk stops.
        if (kind is TcpOptionKind.NoOperation or TcpOptionKind.EndOfList)
            return false;

        foreach (TcpOption option in this)
        {
            if (option.Kind == kind)
            {
                option.Fill((byte)TcpOptionKind.NoOperation);
                found = true;
            }
        }

        return found;
    }

    /// <summary>The options from the first to the end of the list.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Enumerator GetEnumerator() => new(_header, _checksum);

    /// <summary>Walks the list.</summary>
    public ref struct Enumerator
    {
        private readonly Span<byte> _header;
        private readonly ChecksumField _checksum;
        private int _offset;
        private int _length;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Enumerator(Span<byte> header, ChecksumField checksum)
        {
            _header = header;
            _checksum = checksum;
            _offset = TcpHeader.MinLength;
        }

        /// <summary>Whether the walk ended at an impossible length.</summary>
        public bool IsMalformed { get; private set; }

        /// <summary>The option at hand.</summary>
        public readonly TcpOption Current
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => new(_header, _offset, _length, _checksum);
        }

        /// <summary>Goes to the next option; false at the end of the list or where it is malformed.</summary>
        public bool MoveNext()
        {
            int offset = _offset + _length;
            if ((uint)offset >= (uint)_header.Length || _header[offset] == (byte)TcpOptionKind.EndOfList)
                return false;

            int length = 1;
            if (_header[offset] != (byte)TcpOptionKind.NoOperation)
            {
                length = offset + 1 < _header.Length ? _header[offset + 1] : 0;
                if (length < 2 || offset + length > _header.Length)
                {
                    IsMalformed = true;
                    return false;
                }
            }

            _offset = offset;
            _length = length;
            return true;
        }
    }
}

/// <summary>One option of a TCP header. RFC 9293 §3.2.</summary>
public readonly ref struct TcpOption
{
    private readonly Span<byte> _header;
    private readonly ChecksumField _checksum;
    private readonly int _offset;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TcpOption(Span<byte> header, int offset, int length, ChecksumField checksum)
    {
        _header = header;
        _offset = offset;
        Length = length;
        _checksum = checksum;
    }

    /// <summary>The kind; a number without a name is one that <see cref="TcpOptionKind"/> does not list.</summary>
    public TcpOptionKind Kind
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (TcpOptionKind)_header[_offset];
    }

    /// <summary>Kind, length and data together, in octets: 1 for NOP, else 2 to 40.</summary>
    public int Length { get; }

    /// <summary>What follows kind and length.</summary>
    public ReadOnlySpan<byte> Data => Length < 2 ? default : _header.Slice(_offset + 2, Length - 2);

    /// <summary>The data's first octet, as in window scale; 0 if there is none. Setting what is not there does nothing.</summary>
    public byte Byte
    {
        get => Data.Length < 1 ? (byte)0 : Data[0];
        set
        {
            if (Data.Length >= 1)
                _checksum.WriteByte(_header, _offset + 2, value);
        }
    }

    /// <summary>The data's first two octets, big-endian, as in MSS; 0 if there are fewer. Setting what is not there does nothing.</summary>
    public ushort UInt16
    {
        get => Data.Length < 2 ? (ushort)0 : ReadUInt16BigEndian(Data);
        set
        {
            if (Data.Length >= 2)
                _checksum.Write(_header, _offset + 2, value);
        }
    }

    /// <summary>
    /// The data's first four octets, big-endian, as in timestamps; 0 if there are fewer. Setting what is not there does nothing.
    /// </summary>
    public uint UInt32
    {
        get => Data.Length < 4 ? 0 : ReadUInt32BigEndian(Data);
        set
        {
            if (Data.Length >= 4)
                _checksum.Write(_header, _offset + 2, value);
        }
    }

    /// <summary>Overwrites data from <paramref name="offset"/> on.</summary>
    /// <returns>False, and nothing written, if it would reach past the option.</returns>
    public bool Write(int offset, ReadOnlySpan<byte> octets)
    {
        if (offset < 0 || offset + octets.Length > Data.Length)
            return false;

        _checksum.Write(_header, _offset + 2 + offset, octets);
        return true;
    }

    /// <summary>Sets every octet, kind and length included, to one value.</summary>
    internal void Fill(byte value) => _checksum.Fill(_header, _offset, Length, value);
}
