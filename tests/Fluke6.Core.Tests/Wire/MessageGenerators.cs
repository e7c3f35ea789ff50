using CsCheck;
using Fluke6.Wire;
using static Fluke6.Core.Tests.Wire.FieldGenerators;

namespace Fluke6.Core.Tests.Wire;

/// <summary>Any values of the fields of messages in UDP and TCP: DHCP, TLS.</summary>
internal static class MessageGenerators
{
    private static readonly Gen<string?> s_name = OneOf<string?>(null, "a", "server.example.net", "\u00e9t\u00e9");

    // Each code once: options of one code are one. The overload option says where options stand, and is none that is written.
    private static readonly Gen<Dhcpv4OptionFields[]> s_options4 =
        from codes in Gen.Byte[1, 254].HashSet[0, 8]
        from data in Gen.Byte.Array[0, 600].Array[8]
        select codes.Where(code => code != (byte)Dhcpv4OptionCode.Overload)
            .Select((code, index) => new Dhcpv4OptionFields((Dhcpv4OptionCode)code, data[index])).ToArray();

    public static readonly Gen<Dhcpv4Fields> AnyDhcpv4 =
        from operation in Gen.Byte
        from number in Gen.UInt
        from hardware in Gen.Byte.Array[0, 16]
        from octets in Gen.Byte.Array[2]
        from seconds in Gen.UShort
        from broadcast in Gen.Bool
        from addresses in Address4.Array[4]
        from names in s_name.Array[2]
        from options in s_options4
        select new Dhcpv4Fields((Dhcpv4Operation)operation, number, hardware)
        {
            HardwareType = octets[0], Hops = octets[1], SecondsElapsed = seconds, Broadcast = broadcast, ClientAddress = addresses[0],
            YourAddress = addresses[1], ServerAddress = addresses[2], RelayAddress = addresses[3], ServerName = names[0], BootFile = names[1],
            Options = options,
        };

    public static readonly Gen<Dhcpv6OptionFields> AnyOption6 =
        from code in Gen.UShort from data in Gen.Byte.Array[0, 40] select new Dhcpv6OptionFields((Dhcpv6OptionCode)code, data);

    public static readonly Gen<FieldList<Dhcpv6OptionFields>> Options6 = AnyOption6.Array[0, 4].Select(options => (FieldList<Dhcpv6OptionFields>)options);

    public static readonly Gen<Dhcpv6Fields> AnyDhcpv6 =
        from type in Gen.Byte[1, 11]
        from number in Gen.UInt[0, 0xFF_FFFF]
        from options in Options6
        select new Dhcpv6Fields((Dhcpv6MessageType)type, number) { Options = options };

    public static readonly Gen<Dhcpv6RelayFields> AnyRelay =
        from type in Gen.Byte[12, 13]
        from link in Address6
        from peer in Address6
        from hops in Gen.Byte
        from options in Options6
        from message in AnyDhcpv6
        select new Dhcpv6RelayFields((Dhcpv6MessageType)type, link, peer)
        {
            HopCount = hops, Options = [.. options.Span, Dhcpv6RelayFields.Carrying(message)],
        };

    public static readonly Gen<Dhcpv6AssociationFields> AnyAssociation =
        from code in OneOf(Dhcpv6OptionCode.IdentityAssociation, Dhcpv6OptionCode.TemporaryAssociation, Dhcpv6OptionCode.PrefixDelegation)
        from numbers in Gen.UInt.Array[3]
        from options in Options6
        select new Dhcpv6AssociationFields(numbers[0], code)
        {
            RenewAfter = code == Dhcpv6OptionCode.TemporaryAssociation ? 0 : numbers[1],
            RebindAfter = code == Dhcpv6OptionCode.TemporaryAssociation ? 0 : numbers[2],
            Options = options,
        };

    public static readonly Gen<Dhcpv6AddressFields> AnyAddress =
        from address in Address6
        from preferred in Gen.UInt
        from valid in Gen.UInt
        from options in Options6
        select new Dhcpv6AddressFields(address, preferred, valid) { Options = options };

    public static readonly Gen<Dhcpv6PrefixFields> AnyPrefix =
        from prefix in Prefix6
        from preferred in Gen.UInt
        from valid in Gen.UInt
        from options in Options6
        select new Dhcpv6PrefixFields(prefix, preferred, valid) { Options = options };

    public static readonly Gen<Dhcpv6DnsServersFields> AnyDnsServers =
        Address6.Array[1, 5].Select(servers => new Dhcpv6DnsServersFields(servers));

    public static readonly Gen<Dhcpv6StatusFields> AnyStatus =
        from code in Gen.UShort from text in OneOf("", "no", "\u00e9") select new Dhcpv6StatusFields((Dhcpv6StatusCode)code, text);

    // Less than the shortest message, so that there are several records; or all in one.
    private static readonly Gen<int> s_recordLength = from length in Gen.Int[1, 40] from several in Gen.Bool select several ? length : 16384;

    public static readonly Gen<TlsClientHelloFields> AnyClientHello =
        from types in Gen.UShort.Array[0, 5]
        from data in Gen.Byte.Array[0, 300].Array[5]
        from versions in Gen.UShort[0x300, 0x3FF].Array[2]
        from recordLength in s_recordLength
        from random in Gen.Byte.Array[32]
        from session in Gen.Byte.Array[0, 32]
        from suites in Gen.UShort.Array[0, 20]
        from methods in Gen.Byte.Array[0, 3]
        select new TlsClientHelloFields([.. types.Select((type, index) => new TlsExtensionFields((TlsExtensionType)type, data[index]))])
        {
            RecordVersion = versions[0], LegacyVersion = versions[1], RecordLength = recordLength, Random = random, SessionId = session,
            CipherSuites = suites, CompressionMethods = methods,
        };
}
