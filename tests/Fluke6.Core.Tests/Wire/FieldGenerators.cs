using CsCheck;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

/// <summary>Any values of headers' fields.</summary>
internal static class FieldGenerators
{
    public static readonly Gen<MacAddress> Mac = Gen.ULong.Select(MacAddress.FromUInt64);
    public static readonly Gen<MacAddress?> OptionalMac = from mac in Mac from there in Gen.Bool select there ? mac : (MacAddress?)null;
    public static readonly Gen<Ipv4Address> Address4 = Gen.UInt.Select(value => new Ipv4Address(value));
    public static readonly Gen<Ipv6Address> Address6 = from high in Gen.ULong from low in Gen.ULong select new Ipv6Address(high, low);
    public static readonly Gen<Ipv6Prefix> Prefix6 = from address in Address6 from length in Gen.Int[0, 128] select new Ipv6Prefix(address, length);
    public static readonly Gen<RouterPreference> Preference = Gen.Int[0, 3].Select(value => (RouterPreference)value);

    public static readonly Gen<DnsName> Name = OneOf("a", "example.net", "www.example.net", "x-1.y_2.test", "printer.local").Select(DnsName.Parse);

    /// <summary>One of these.</summary>
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static readonly Gen<IpProtocol> s_protocol = Gen.Byte.Select(value => (IpProtocol)value);
    private static readonly Gen<EtherType> s_etherType = Gen.UShort.Select(value => (EtherType)value);

    public static readonly Gen<EthernetFields> AnyEthernet =
        from source in Mac from destination in Mac from type in s_etherType select new EthernetFields(source, destination, type);

    public static readonly Gen<VlanTagFields> AnyVlanTag =
        from identifier in Gen.Int[0, 4095]
        from priority in Gen.Byte[0, 7]
        from drop in Gen.Bool
        from type in s_etherType
        select new VlanTagFields((ushort)identifier, type) { Priority = priority, DropEligible = drop };

    public static readonly Gen<ArpFields> AnyArp =
        from operation in Gen.UShort
        from sender in Mac
        from senderAddress in Address4
        from target in Mac
        from targetAddress in Address4
        select new ArpFields((ArpOperation)operation)
        {
            SenderHardwareAddress = sender, SenderProtocolAddress = senderAddress,
            TargetHardwareAddress = target, TargetProtocolAddress = targetAddress,
        };

    public static readonly Gen<Ipv4Fields> AnyIpv4 =
        from source in Address4
        from destination in Address4
        from protocol in s_protocol
        from bytes in Gen.Byte.Array[3]
        from identification in Gen.UShort
        from flags in Gen.Bool.Array[2]
        from offset in Gen.Int[0, 8191]
        from options in Ipv4Options
        select new Ipv4Fields(source, destination, protocol)
        {
            TimeToLive = bytes[0], DifferentiatedServices = (byte)(bytes[1] & 63), ExplicitCongestionNotification = (byte)(bytes[2] & 3),
            Identification = identification, DontFragment = flags[0], MoreFragments = flags[1], FragmentOffset = offset * 8, Options = options,
        };

    public static readonly Gen<Ipv6Fields> AnyIpv6 =
        from source in Address6
        from destination in Address6
        from next in s_protocol
        from hopLimit in Gen.Byte
        from trafficClass in Gen.Byte
        from label in Gen.UInt[0, 0xF_FFFF]
        select new Ipv6Fields(source, destination, next) { HopLimit = hopLimit, TrafficClass = trafficClass, FlowLabel = label };

    // What a list ends with is no padding.
    public static readonly Gen<OptionsHeaderFields> AnyOptionsHeader =
        from options in Ipv6Option.Array[0, 6]
        from last in Gen.Byte.Array[0, 60]
        from next in s_protocol
        select new OptionsHeaderFields([.. options, new Ipv6OptionFields(Ipv6OptionType.QuickStart, last)], next);

    public static readonly Gen<RoutingFields> AnyRouting =
        from type in OneOf(RoutingType.SourceRoute, RoutingType.SegmentRouting)
        from left in Gen.Byte
        from next in s_protocol
        from addresses in Address6.Array[1, 7]
        from flags in Gen.Byte
        from tag in Gen.UShort
        select new RoutingFields(type, left, next)
        {
            Addresses = addresses,
            Flags = type == RoutingType.SegmentRouting ? flags : (byte)0,
            Tag = type == RoutingType.SegmentRouting ? tag : (ushort)0,
        };

    public static readonly Gen<FragmentFields> AnyFragment =
        from identification in Gen.UInt
        from next in s_protocol
        from offset in Gen.Int[0, 8191]
        from more in Gen.Bool
        select new FragmentFields(identification, next) { FragmentOffset = offset * 8, MoreFragments = more };

    public static readonly Gen<TcpFields> AnyTcp =
        from ports in Gen.UShort.Array[2]
        from flags in Gen.Int[0, 0xFFF]
        from numbers in Gen.UInt.Array[2]
        from words in Gen.UShort.Array[2]
        from options in TcpOptions
        select new TcpFields(ports[0], ports[1], (TcpFlags)flags)
        {
            SequenceNumber = numbers[0], AcknowledgmentNumber = numbers[1], Window = words[0], UrgentPointer = words[1], Options = options,
        };

    public static readonly Gen<UdpFields> AnyUdp =
        from source in Gen.UShort from destination in Gen.UShort select new UdpFields(source, destination);

    public static readonly Gen<Icmpv4Fields> AnyIcmpv4 =
        from type in Gen.Byte from code in Gen.Byte from rest in Gen.UInt select new Icmpv4Fields((Icmpv4Type)type, code, rest);

    public static readonly Gen<Icmpv6Fields> AnyIcmpv6 =
        from type in Gen.Byte from code in Gen.Byte from rest in Gen.UInt select new Icmpv6Fields((Icmpv6Type)type, code, rest);

    public static readonly Gen<GreFields> AnyGre =
        from type in s_etherType
        from has in Gen.Bool.Array[3]
        from numbers in Gen.UInt.Array[2]
        select new GreFields(type) { HasChecksum = has[0], Key = has[1] ? numbers[0] : null, SequenceNumber = has[2] ? numbers[1] : null };

    public static readonly Gen<VxlanFields> AnyVxlan = Gen.UInt[0, 0xFF_FFFF].Select(identifier => new VxlanFields(identifier));

    public static readonly Gen<GeneveFields> AnyGeneve =
        from identifier in Gen.UInt[0, 0xFF_FFFF]
        from type in s_etherType
        from has in Gen.Bool.Array[2]
        from words in Gen.Int[0, 63]
        from options in Gen.Byte.Array[4 * words]
        select new GeneveFields(identifier, type) { IsControl = has[0], HasCriticalOptions = has[1], Options = options };

    public static readonly Gen<MplsLabelFields> AnyMplsLabel =
        from label in Gen.UInt[0, 0xF_FFFF]
        from traffic in Gen.Byte[0, 7]
        from isBottom in Gen.Bool
        from time in Gen.Byte
        select new MplsLabelFields(label) { TrafficClass = traffic, IsBottomOfStack = isBottom, TimeToLive = time };

    public static readonly Gen<PppoeFields> AnyPppoe =
        from session in Gen.UShort from protocol in Gen.UShort select new PppoeFields(session, (PppProtocol)protocol);

    public static readonly Gen<TeredoFields> AnyTeredo =
        from has in Gen.Bool.Array[2]
        from nonce in Gen.ULong
        from identifier in Gen.Byte.Array[0, 20]
        from value in Gen.Byte.Array[0, 20]
        from confirmation in Gen.Byte
        from address in Address4
        from port in Gen.UShort
        select new TeredoFields
        {
            Nonce = has[0] ? nonce : null,
            ClientIdentifier = has[0] ? identifier : [],
            AuthenticationValue = has[0] ? value : [],
            Confirmation = has[0] ? confirmation : (byte)0,
            OriginAddress = has[1] ? address : null,
            OriginPort = has[1] ? port : (ushort)0,
        };

    private static Gen<FieldList<TcpOptionFields>> TcpOptions =>
        from kinds in Gen.Byte[2, 255].Array[0, 5]
        from data in Gen.Byte.Array[0, 5].Array[5]
        from nops in Gen.Int[0, 3]
        select (FieldList<TcpOptionFields>)
            [.. Enumerable.Repeat(TcpOptionFields.NoOperation, nops), .. kinds.Select((kind, i) => new TcpOptionFields((TcpOptionKind)kind, data[i]))];

    private static Gen<FieldList<Ipv4OptionFields>> Ipv4Options =>
        from kinds in Gen.Byte[2, 255].Array[0, 5]
        from data in Gen.Byte.Array[0, 5].Array[5]
        from nops in Gen.Int[0, 3]
        select (FieldList<Ipv4OptionFields>)
        [
            .. Enumerable.Repeat(new Ipv4OptionFields(Ipv4OptionKind.NoOperation), nops),
            .. kinds.Select((kind, i) => new Ipv4OptionFields((Ipv4OptionKind)kind, data[i])),
        ];

    private static Gen<Ipv6OptionFields> Ipv6Option =>
        from type in Gen.Byte
        from data in Gen.Byte.Array[0, 40]
        select new Ipv6OptionFields((Ipv6OptionType)type, type == 0 ? [] : data);
}
