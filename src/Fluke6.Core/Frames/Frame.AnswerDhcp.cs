using System.Runtime.CompilerServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    // RFC 8415 §7.6, HOP_COUNT_LIMIT: no more relays than that hand a message on.
    private const int MaxRelays = 8;

    /// <summary>
    /// Turns a client's DHCP message into a server's answer. RFC 2131 §4.1, §4.3.1. The answer repeats what it has to: number, link address, flags,
    /// relay, the client's identifier (RFC 6842 §3) and what the relay added (RFC 3046 §2.1); it names the server. It goes to the relay, or to the client: to
    /// the address that it has or gets, or to everybody on its link, as it asked for.
    /// </summary>
    /// <param name="reply">The answer, as <see cref="Dhcpv4Fields.Reply"/> makes it.</param>
    /// <param name="server">The server's address.</param>
    /// <param name="mac">The server's MAC address; not used without an Ethernet header.</param>
    /// <returns>
    /// <see cref="Verdict.Reflect"/>; <see cref="Verdict.Continue"/>, the frame untouched, if this is no client's message, or if the answer does not fit the
    /// MTU.
    /// </returns>
    public readonly Verdict Answer(in Dhcpv4Fields reply, Ipv4Address server, MacAddress mac = default)
    {
        if (!TryGetDhcpv4(out Dhcpv4Message message) || message.Operation != Dhcpv4Operation.Request
            || !MayBeAnsweredByDhcp(Dhcpv4Message.ServerPort) || !TryGetIpv4(out _))
        {
            return Verdict.Continue;
        }

        Dhcpv4Fields request = Dhcpv4Fields.Read(message);
        Dhcpv4MessageType type = TypeOf(reply);
        bool isNak = type == Dhcpv4MessageType.Nak, isRelayed = request.RelayAddress != Ipv4Address.Any;
        Dhcpv4Fields answer = reply with
        {
            Operation = Dhcpv4Operation.Reply,
            TransactionId = request.TransactionId,
            HardwareAddress = request.HardwareAddress,
            HardwareType = request.HardwareType,
            Broadcast = request.Broadcast || (isNak && isRelayed),
            ClientAddress = type == Dhcpv4MessageType.Ack ? request.ClientAddress : Ipv4Address.Any,
            RelayAddress = request.RelayAddress,
            Options = [.. OptionsOf(reply, request, server)],
        };
        Ipv4Address receiver = isRelayed ? request.RelayAddress
            : isNak ? Ipv4Address.Broadcast
            : request.ClientAddress != Ipv4Address.Any ? request.ClientAddress
            : request.Broadcast || reply.YourAddress == Ipv4Address.Any ? Ipv4Address.Broadcast
            : reply.YourAddress;
        Packet packet = Packet.Ipv4(server, receiver)
            .Udp(Dhcpv4Message.ServerPort, isRelayed ? Dhcpv4Message.ServerPort : Dhcpv4Message.ClientPort).Dhcpv4(answer);
        return TurnInto(packet, mac, receiver == Ipv4Address.Broadcast);
    }

    /// <summary>
    /// Turns a client's DHCP message for IPv6, handed on by relays or not, into a server's answer. RFC 8415 §18.3, §19.3. The answer repeats the
    /// number and the client's identifier, names the server by its MAC address where the options do not, and goes back as the message came.
    /// </summary>
    /// <param name="reply">The answer: its type and options.</param>
    /// <param name="server">The server's address on the link, such as fe80::6.</param>
    /// <param name="mac">The server's MAC address, of which its identifier is made.</param>
    /// <returns>
    /// <see cref="Verdict.Reflect"/>; <see cref="Verdict.Continue"/>, the frame untouched, if this is no client's message from one host, or if the answer does
    /// not fit the MTU.
    /// </returns>
    public readonly Verdict Answer(in Dhcpv6Fields reply, Ipv6Address server, MacAddress mac)
    {
        if (!TryGetDhcpv6(out Dhcpv6Message message) || !MayBeAnsweredByDhcp(Dhcpv6Message.ServerPort) || !SourceIsOneHost()
            || !TryGetIpv6(out Ipv6Header ipv6))
        {
            return Verdict.Continue;
        }

        var relays = new Stack<Dhcpv6RelayFields>();
        while (message.IsRelay)
        {
            relays.Push(Dhcpv6RelayFields.Read(message));
            if (relays.Count > MaxRelays || !message.TryGetRelayed(out message))
                return Verdict.Continue;
        }

        if (!IsOfClient(message.MessageType))
            return Verdict.Continue;

        ushort port = relays.Count > 0 ? Dhcpv6Message.ServerPort : Dhcpv6Message.ClientPort;
        Dhcpv6Fields answer = reply with { TransactionId = message.TransactionId, Options = [.. OptionsOf(reply, message, mac)] };
        Packet<UdpFields> packet = Packet.Ipv6(server, ipv6.Source).Udp(Dhcpv6Message.ServerPort, port);
        return TurnInto(relays.Count == 0 ? packet.Dhcpv6(answer) : packet.Dhcpv6(Relayed(answer, relays)), mac, isForAll: false);
    }

    private static List<Dhcpv4OptionFields> OptionsOf(in Dhcpv4Fields reply, in Dhcpv4Fields request, Ipv4Address server)
    {
        List<Dhcpv4OptionFields> options = [.. reply.Options.Span];
        if (!options.Exists(option => option.Code == Dhcpv4OptionCode.ServerIdentifier))
            options.Add(Dhcpv4OptionFields.Of(Dhcpv4OptionCode.ServerIdentifier, server));

        // RFC 3046 §2.1: what the relay added comes last.
        foreach (Dhcpv4OptionCode code in (ReadOnlySpan<Dhcpv4OptionCode>)[Dhcpv4OptionCode.ClientIdentifier, Dhcpv4OptionCode.RelayAgentInformation])
        {
            foreach (Dhcpv4OptionFields option in request.Options)
            {
                if (option.Code == code && !options.Exists(other => other.Code == code))
                    options.Add(option);
            }
        }

        return options;
    }

    private static List<Dhcpv6OptionFields> OptionsOf(in Dhcpv6Fields reply, Dhcpv6Message request, MacAddress mac)
    {
        List<Dhcpv6OptionFields> options = [.. reply.Options.Span];
        if (!options.Exists(option => option.Code == Dhcpv6OptionCode.ServerIdentifier))
            options.Insert(0, Dhcpv6OptionFields.Of(Dhcpv6OptionCode.ServerIdentifier, mac));
        if (!options.Exists(option => option.Code == Dhcpv6OptionCode.ClientIdentifier)
            && request.Options.TryGet(Dhcpv6OptionCode.ClientIdentifier, out Dhcpv6Option client))
        {
            options.Insert(0, Dhcpv6OptionFields.Read(client));
        }

        return options;
    }

    /// <summary>An answer in a reply for each relay, the innermost for the one that is next to the client.</summary>
    private static Dhcpv6RelayFields Relayed(in Dhcpv6Fields answer, Stack<Dhcpv6RelayFields> relays)
    {
        Dhcpv6OptionFields carried = Dhcpv6RelayFields.Carrying(answer);
        while (true)
        {
            Dhcpv6RelayFields relay = relays.Pop();
            List<Dhcpv6OptionFields> options = [.. relay.Options.Span];
            options.RemoveAll(option => option.Code != Dhcpv6OptionCode.InterfaceIdentifier);
            Dhcpv6RelayFields reply = relay with { MessageType = Dhcpv6MessageType.RelayReply, Options = [.. options, carried] };
            if (relays.Count == 0)
                return reply;

            carried = Dhcpv6RelayFields.Carrying(reply);
        }
    }

    private static Dhcpv4MessageType TypeOf(in Dhcpv4Fields message)
    {
        foreach (Dhcpv4OptionFields option in message.Options)
        {
            if (option.Code == Dhcpv4OptionCode.MessageType && option.Data.Count > 0)
                return (Dhcpv4MessageType)option.Data[0];
        }

        return Dhcpv4MessageType.None;
    }

    private static bool IsOfClient(Dhcpv6MessageType type) => type is Dhcpv6MessageType.Solicit or Dhcpv6MessageType.Request or Dhcpv6MessageType.Confirm
        or Dhcpv6MessageType.Renew or Dhcpv6MessageType.Rebind or Dhcpv6MessageType.Release or Dhcpv6MessageType.Decline
        or Dhcpv6MessageType.InformationRequest;

    private readonly bool MayBeAnsweredByDhcp(ushort port) =>
        TryGetUdp(out UdpHeader udp) && udp.DestinationPort == port && !HasFixedLength && !Layers.IsFragment && !Layers.HasOtherAddresses
        && !(TryGetEthernet(out EthernetHeader ethernet) && ethernet.Source.IsMulticast);

    /// <summary>Puts a packet in the place of this one, from a MAC address back to the sender, or to everybody.</summary>
    private readonly Verdict TurnInto(in Packet packet, MacAddress mac, bool isForAll, [CallerMemberName] string edit = "")
    {
        if (packet.Length > Mtu)
            return Verdict.Continue;

        byte[] octets = packet.ToArray();
        _buffer.BeforeWholeEdit();
        if (TryGetEthernet(out EthernetHeader ethernet))
        {
            ethernet.Destination = isForAll ? MacAddress.Broadcast : ethernet.Source;
            ethernet.Source = mac;
        }

        ReplacePacket(octets, edit);
        return Verdict.Reflect;
    }
}
