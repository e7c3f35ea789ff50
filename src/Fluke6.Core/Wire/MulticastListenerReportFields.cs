using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="MulticastListenerReport"/>. RFC 3810 §5.2.</summary>
/// <param name="Records">What it says of each group.</param>
public readonly record struct MulticastListenerReportFields(FieldList<MulticastAddressRecordFields> Records) : IHeaderFields
{
    /// <inheritdoc/>
    public int Length
    {
        get
        {
            int length = MulticastListenerReport.MinLength;
            foreach (MulticastAddressRecordFields record in Records)
                length += record.Length;
            return length;
        }
    }

    /// <summary>What a message says; records from one that is cut short are left out.</summary>
    public static MulticastListenerReportFields Read(MulticastListenerReport message)
    {
        var records = new List<MulticastAddressRecordFields>();
        foreach (MulticastAddressRecord record in message.Records)
            records.Add(MulticastAddressRecordFields.Read(record));
        return new MulticastListenerReportFields(records.ToArray());
    }

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        Icmpv6Fields.Write(destination, Icmpv6Type.MulticastListenerReportV2, rest: (ushort)Records.Count);
        Span<byte> rest = destination[MulticastListenerReport.MinLength..];
        foreach (MulticastAddressRecordFields record in Records)
        {
            record.Write(rest);
            rest = rest[record.Length..];
        }
    }
}

/// <summary>The fields of a <see cref="MulticastAddressRecord"/>. RFC 3810 §5.2.4.</summary>
/// <param name="Type">What it says.</param>
/// <param name="Group">The group.</param>
public readonly record struct MulticastAddressRecordFields(MulticastRecordType Type, Ipv6Address Group) : IHeaderFields
{
    /// <summary>The sources that it names.</summary>
    public FieldList<Ipv6Address> Sources { get; init; }

    /// <inheritdoc/>
    public int Length => MulticastAddressRecord.MinLength + (Sources.Count * Ipv6Address.Length);

    /// <summary>What a record says.</summary>
    public static MulticastAddressRecordFields Read(MulticastAddressRecord record)
    {
        var sources = new Ipv6Address[record.SourceCount];
        for (int i = 0; i < sources.Length; i++)
            sources[i] = record[i];
        return new MulticastAddressRecordFields(record.Type, record.Group) { Sources = sources };
    }

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        (destination[0], destination[1]) = ((byte)Type, 0);
        WriteUInt16BigEndian(destination[2..], (ushort)Sources.Count);
        Group.WriteTo(destination[4..]);
        for (int i = 0; i < Sources.Count; i++)
            Sources[i].WriteTo(destination[(MulticastAddressRecord.MinLength + (i * Ipv6Address.Length))..]);
    }
}
