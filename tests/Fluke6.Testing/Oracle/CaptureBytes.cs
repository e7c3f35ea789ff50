using System.Buffers.Binary;
using System.Text;

namespace Fluke6.Testing.Oracle;

/// <summary>Captures as other programs write them, of either byte order.</summary>
internal sealed class CaptureBytes(bool littleEndian = true)
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    public int Length => _bytes.Count;

    public CaptureBytes PcapHeader(uint magic = 0xA1B2C3D4, uint linkType = 1, ushort version = 2)
    {
        U32(magic);
        U16(version);
        U16(4);
        U32(0);
        U32(0);
        U32(262_144);
        U32(linkType);
        return this;
    }

    public CaptureBytes PcapPacket(uint seconds, uint fraction, byte[] octets, uint? original = null, uint? captured = null)
    {
        U32(seconds);
        U32(fraction);
        U32(captured ?? (uint)octets.Length);
        U32(original ?? (uint)octets.Length);
        _bytes.AddRange(octets);
        return this;
    }

    public CaptureBytes Section(string application = "", ushort version = 1) => Block(0x0A0D0D0A, body =>
    {
        body.U32(0x1A2B3C4D);
        body.U16(version);
        body.U16(0);
        body.U32(0xFFFFFFFF);
        body.U32(0xFFFFFFFF);
        if (application.Length > 0)
            body.Options((4, Encoding.UTF8.GetBytes(application)));
    });

    public CaptureBytes Interface(ushort linkType = 1, byte? resolution = null, long? offset = null, uint snapshot = 0) => Block(1, body =>
    {
        body.U16(linkType);
        body.U16(0);
        body.U32(snapshot);
        var options = new List<(ushort, byte[])> { (2, "eth0"u8.ToArray()) };
        if (resolution is { } units)
            options.Add((9, [units]));
        if (offset is { } seconds)
            options.Add((14, new CaptureBytes(littleEndian).U64((ulong)seconds).ToArray()));
        body.Options([.. options]);
    });

    public CaptureBytes Enhanced(uint @interface, ulong time, byte[] octets, uint? original = null, uint? captured = null, uint? flags = null) =>
        Block(6, body =>
        {
            body.U32(@interface);
            body.Packet(time, octets, original, captured);
            if (flags is { } bits)
                body.Options((1, "a comment"u8.ToArray()), (2, new CaptureBytes(littleEndian).U32(bits).ToArray()));
        });

    public CaptureBytes Obsolete(ushort @interface, ulong time, byte[] octets) => Block(2, body =>
    {
        body.U16(@interface);
        body.U16(0);
        body.Packet(time, octets, null, null);
    });

    public CaptureBytes Simple(uint original, byte[] octets) => Block(3, body =>
    {
        body.U32(original);
        body._bytes.AddRange(octets);
    });

    public CaptureBytes Block(uint type, Action<CaptureBytes> write, uint? trailer = null)
    {
        var body = new CaptureBytes(littleEndian);
        write(body);
        while (body._bytes.Count % 4 != 0)
            body._bytes.Add(0);
        uint length = 12 + (uint)body._bytes.Count;
        U32(type);
        U32(length);
        _bytes.AddRange(body._bytes);
        U32(trailer ?? length);
        return this;
    }

    public CaptureBytes Raw(params byte[] octets)
    {
        _bytes.AddRange(octets);
        return this;
    }

    /// <summary>Goes on in the other byte order, as files that were put together do.</summary>
    public CaptureBytes And(CaptureBytes other)
    {
        _bytes.AddRange(other._bytes);
        return this;
    }

    public CaptureBytes U16(ushort value)
    {
        byte[] octets = new byte[2];
        if (littleEndian)
            BinaryPrimitives.WriteUInt16LittleEndian(octets, value);
        else
            BinaryPrimitives.WriteUInt16BigEndian(octets, value);
        return Raw(octets);
    }

    public CaptureBytes U32(uint value)
    {
        byte[] octets = new byte[4];
        if (littleEndian)
            BinaryPrimitives.WriteUInt32LittleEndian(octets, value);
        else
            BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        return Raw(octets);
    }

    private CaptureBytes U64(ulong value) => littleEndian ? U32((uint)value).U32((uint)(value >> 32)) : U32((uint)(value >> 32)).U32((uint)value);

    private void Packet(ulong time, byte[] octets, uint? original, uint? captured)
    {
        U32((uint)(time >> 32));
        U32((uint)time);
        U32(captured ?? (uint)octets.Length);
        U32(original ?? (uint)octets.Length);
        _bytes.AddRange(octets);
        while (_bytes.Count % 4 != 0)
            _bytes.Add(0xEE);
    }

    private void Options(params (ushort Code, byte[] Value)[] options)
    {
        foreach ((ushort code, byte[] value) in options)
        {
            U16(code);
            U16((ushort)value.Length);
            _bytes.AddRange(value);
            while (_bytes.Count % 4 != 0)
                _bytes.Add(0);
        }

        U32(0);
    }
}
