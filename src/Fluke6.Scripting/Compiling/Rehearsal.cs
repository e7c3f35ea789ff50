using Fluke6.Scripting.Native;

namespace Fluke6.Scripting.Compiling;

/// <summary>
/// The script that the compiler compiles before anybody asks: the first file costs it a second, since all of its own code has to be made machine code,
/// and the next ones some milliseconds.
/// </summary>
internal static class Rehearsal
{
    private const int Niceness = 10;

    /// <summary>
    /// The things that rules do most: views, options, edits, packets, timers, collections, text; with a view in a text, it is compiled
    /// twice.
    /// </summary>
    public static ReadOnlySpan<byte> Rule => """
        using System.Buffers.Binary;
        readonly ushort mss = Param("mss", (ushort)1220);
        readonly Ipv6Prefix prefix = Param("prefix", Ipv6Prefix.Parse("2001:db8:1::/64"));
        readonly MacAddress mac = MacAddress.Parse("02:00:00:00:00:06");
        readonly Dictionary<ushort, (int Count, TimeSpan Last)> seen = new();
        int frames;
        record Peer(Ipv6Address Address, string Name);
        Peer[] peers = [new(Ipv6Address.Parse("2001:db8::1"), "a"), new(Ipv6Address.Parse("2001:db8::2"), "b")];
        Every(TimeSpan.FromSeconds(1), () => Log($"{frames} frames, {seen.Values.Sum(port => port.Count)}"));
        After(TimeSpan.FromSeconds(1), () => Send(Side.Left, Packet.Ethernet(mac).Ipv6(peers[0].Address, peers[1].Address).EchoRequest(1, 2)));
        AtExit(() => { foreach (var peer in peers.Where(peer => peer.Name.Length > 0).OrderBy(peer => peer.Name)) Log(peer.ToString()); });

        bool IsOurs(Ipv6Address address) => prefix.Contains(address) || peers.Any(peer => peer.Address == address);

        Verdict Apply(ref Frame frame)
        {
            frames++;
            if (frame.TryGetTcp(out var tcp) && tcp.Syn)
            {
                foreach (var option in tcp.Options)
                {
                    if (option.Kind == TcpOptionKind.MaximumSegmentSize && option.UInt16 > mss)
                        option.UInt16 = mss;
                }

                tcp.Options.Strip(TcpOptionKind.SackPermitted);
                seen[tcp.DestinationPort] = seen.TryGetValue(tcp.DestinationPort, out var before) ? (before.Count + 1, Clock.GetElapsedTime(0)) : (1, default);
                Log($"{frame}");
            }

            if (frame.TryGetNeighborSolicitation(out var solicitation) && IsOurs(solicitation.Target))
            {
                frame.Answer(new NeighborAdvertisementFields(solicitation.Target, mac));
                return Verdict.Reflect;
            }

            if (frame.TryGetUdp(out var udp))
            {
                Span<byte> first = stackalloc byte[4];
                BinaryPrimitives.WriteUInt32BigEndian(first, (uint)udp.SourcePort << 16);
                try
                {
                    frame.WritePayload(0, first);
                }
                catch (InvalidOperationException exception)
                {
                    Log(exception.Message);
                }
            }

            return frame.From switch
            {
                Side.Left when frame.Length > 1500 => Verdict.Drop,
                _ => Verdict.Continue,
            };
        }
        """u8;

    // The mistakes that are made most often are told with hints, which look through the API.
    private static ReadOnlySpan<byte> Mistakes => """
        int seen = 0
        Verdict Apply(ref Frame frame)
        {
            if (frame.TryGetTpc(out var tcp) && tcp.Sin)
                return Verdict.Drpo;
            return Verdit.Continue;
        }
        """u8;

    /// <summary>Compiles, on a thread that does nothing else afterwards.</summary>
    /// <remarks>
    /// It has a tenth of a processor that others want as well: at the usual priority, bulk traffic right after the start ran at two thirds.
    /// </remarks>
    public static void Run()
    {
        _ = Resource.setpriority(Resource.PRIO_PROCESS, 0, Niceness);
        ScriptCompiler.Rehearse(Rule.ToArray());
        ScriptCompiler.Rehearse(Mistakes.ToArray());
        // Much of it was needed once only.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
