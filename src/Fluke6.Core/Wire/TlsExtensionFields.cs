using System.Text;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>A <see cref="TlsExtension"/> to be written. RFC 8446 §4.2.</summary>
/// <param name="Type">What the extension is.</param>
/// <param name="Data">What follows type and length, at most 65,535 octets.</param>
public readonly record struct TlsExtensionFields(TlsExtensionType Type, FieldList<byte> Data = default) : IHeaderFields
{
    /// <inheritdoc/>
    public int Length => TlsExtension.HeaderLength + Data.Count;

    /// <summary>The name of the server that is asked for: SNI. RFC 6066 §3.</summary>
    public static TlsExtensionFields ServerName(string name)
    {
        byte[] data = new byte[5 + name.Length];
        WriteUInt16BigEndian(data, checked((ushort)(3 + name.Length)));
        WriteUInt16BigEndian(data.AsSpan(3), (ushort)name.Length);
        Encoding.Latin1.GetBytes(name, data.AsSpan(5));
        return new(TlsExtensionType.ServerName, data);
    }

    /// <summary>The protocols that the client speaks: ALPN. RFC 7301 §3.1.</summary>
    public static TlsExtensionFields ApplicationProtocols(params ReadOnlySpan<string> names)
    {
        var data = new List<byte> { 0, 0 };
        foreach (string name in names)
        {
            data.Add(checked((byte)name.Length));
            data.AddRange(Encoding.Latin1.GetBytes(name));
        }

        byte[] octets = [.. data];
        WriteUInt16BigEndian(octets, checked((ushort)(octets.Length - 2)));
        return new(TlsExtensionType.ApplicationProtocols, octets);
    }

    /// <summary>The versions that the client speaks, such as 0x0304 for TLS 1.3. RFC 8446 §4.2.1.</summary>
    public static TlsExtensionFields SupportedVersions(params ReadOnlySpan<ushort> versions)
    {
        byte[] data = new byte[1 + (2 * versions.Length)];
        data[0] = checked((byte)(2 * versions.Length));
        for (int i = 0; i < versions.Length; i++)
            WriteUInt16BigEndian(data.AsSpan(1 + (2 * i)), versions[i]);
        return new(TlsExtensionType.SupportedVersions, data);
    }

    /// <summary>What an extension says.</summary>
    public static TlsExtensionFields Read(TlsExtension extension) => new(extension.Type, extension.Data.ToArray());

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        WriteUInt16BigEndian(destination, (ushort)Type);
        WriteUInt16BigEndian(destination[2..], checked((ushort)Data.Count));
        Data.Span.CopyTo(destination[TlsExtension.HeaderLength..]);
    }
}
