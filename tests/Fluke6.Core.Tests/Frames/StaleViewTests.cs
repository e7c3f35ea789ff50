using System.Reflection;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>A view that is used after an edit that moved octets throws: it neither reads nor writes another field.</summary>
public sealed class StaleViewTests
{
    private static readonly FrameShape Syn = new() { TcpFlags = 2, TcpOptions = FrameShapes.LinuxSyn, Payload = [1, 2, 3, 4] };

    // What these tell was noted when the view was made, and is no octet of the frame.
    private static readonly string[] Noted =
    [
        "TcpOption.get_Length", "Ipv4Option.get_Length", "Ipv6Option.get_Length", "DnsRecord.get_Section",
        "TeredoPacket.get_HeaderLength", "TeredoPacket.get_HasAuthentication", "TeredoPacket.get_HasOrigin", "DnsService.get_Target",
        "DnsStartOfAuthority.get_PrimaryServer", "DnsStartOfAuthority.get_Mailbox", "DnsLabels.get_Current", "DnsStrings.get_Current",
        "Enumerator.get_Current", "DnsEdnsOptions.get_Current", "DnsServiceParameters.get_Current", "Pref64.SetPrefix",
    ];

    // Each list, as it is got or gone through: what it gives out throws.
    private static readonly string[] NotedAnywhere = ["get_ChecksumKind", "get_IsMalformed", "get_End", "get_Options", "get_Parameters", "get_Labels", "GetEnumerator"];

    [Theory]
    [MemberData(nameof(FramesWithEveryView.Names), MemberType = typeof(FramesWithEveryView))]
    public void EveryMemberOfEveryViewThrowsAfterTheFrameWasReplaced(string sample)
    {
        int calls = 0;
        List<string> wrong = [];
        byte[] other = [.. FramesWithEveryView.All[sample], 0, 0, 0, 0];
        foreach (ViewPath path in ViewPath.Of(() => FramesWithEveryView.Load(sample)))
        {
            foreach (MethodInfo member in path.Members.Where(member => path.View != typeof(Frame) && !IsNoted(path.View, member)))
            {
                FrameBuffer buffer = FramesWithEveryView.Load(sample);
                string? message = null;
                try
                {
                    path.Run(buffer, () => new Frame(buffer).Replace(other), member);
                }
                catch (InvalidOperationException exception)
                {
                    message = exception.Message;
                }

                if (message != "Replace has moved the frame's bytes since this view was got: get the view anew after Replace.")
                    wrong.Add($"{path}.{member.Name}: {message}");
                Assert.Equal(other, buffer.Octets.ToArray());
                calls++;
            }
        }

        Assert.Empty(wrong);
        Assert.InRange(calls, 10, int.MaxValue);
    }

    [Fact]
    public void SamplesHaveEveryViewThereIs()
    {
        HashSet<Type> seen = [.. FramesWithEveryView.All.Keys.SelectMany(name => ViewPath.Of(() => FramesWithEveryView.Load(name))).Select(path => path.View)];
        IEnumerable<string> missing = typeof(Frame).Assembly.GetExportedTypes()
            .Where(type => type.IsByRefLike && type.Namespace is "Fluke6.Wire" or "Fluke6.Frames")
            .Where(type => type.IsByRefLike && !seen.Contains(type))
            .Select(type => type.Name);
        // Reports are read over bare octets.
        Assert.Equal(
            ["ChecksumField", "DnsAnswer", "Flow", "MulticastAddressRecord", "MulticastAddressRecords", "MulticastListenerReport"], missing.Order());
    }

    public static TheoryData<string> Movers => [.. Edits.Keys];

    private static readonly Dictionary<string, FrameEdit> Edits = new()
    {
        ["RemoveTcpOption"] = (frame, _) => frame.RemoveTcpOption(TcpOptionKind.SackPermitted),
        ["RemoveTcpOptions"] = (frame, _) => frame.RemoveTcpOptions(TcpOptionKind.SackPermitted, TcpOptionKind.WindowScale),
        ["KeepTcpOptions"] = (frame, _) => frame.KeepTcpOptions(TcpOptionKind.MaximumSegmentSize),
        ["SetTcpOption"] = (frame, _) => frame.SetTcpOption(TcpOptionKind.FastOpen, [1, 2, 3, 4]),
        ["SetWindowScale"] = (frame, _) => frame.RemoveTcpOptions(TcpOptionKind.WindowScale) == EditResult.Changed ? frame.SetWindowScale(3) : default,
        ["AppendTcpOption"] = (frame, _) => frame.AppendTcpOption(TcpOptionKind.FastOpen, []),
        ["ReorderTcpOptions"] = (frame, _) => frame.ReorderTcpOptions(TcpOptionKind.WindowScale),
        ["SetTcpOptions"] = (frame, _) => frame.SetTcpOptions([1, 1, 1, 1]),
        ["InsertVlanTag"] = (frame, _) => frame.InsertVlanTag(5),
        ["ReplacePayload"] = (frame, _) => frame.ReplacePayload([4, 3, 2, 1]),
        ["Edit"] = (frame, _) => frame.Edit().IsEmpty ? EditResult.Unchanged : EditResult.Changed,
        ["AnswerWithReset"] = (frame, _) => frame.AnswerWithReset() == Verdict.Reflect ? EditResult.Changed : EditResult.Unchanged,
    };

    [Theory]
    [MemberData(nameof(Movers))]
    public void WritingThroughAViewThatWasGotBeforeThrowsAndWritesNothing(string edit)
    {
        FrameBuffer buffer = Syn.ToBuffer();
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetTcp(out TcpHeader tcp) & frame.TryGetIpv4(out Ipv4Header ip) & frame.TryGetEthernet(out EthernetHeader ethernet));
        Assert.Equal(EditResult.Changed, Edits[edit](frame, new Random(1)));
        byte[] edited = buffer.Octets.ToArray();

        string expected = $"{edit} has moved the frame's bytes since this view was got: get the view anew after {edit}.";
        Assert.Equal(expected, Message(tcp, static view => view.Window = 1000));
        Assert.Equal(expected, Message(ip, static view => view.TimeToLive = 5));
        Assert.Equal(expected, Message(ethernet, static view => view.Source = default));
        Assert.Equal(expected, Message(tcp, static view => _ = view.Window));
        Assert.Equal(edited, buffer.Octets.ToArray());

        Assert.True(frame.TryGetTcp(out tcp));
        tcp.Window = 1000;
        Assert.True(frame.TryGetTcp(out tcp) && tcp.Window == 1000);
    }

    [Fact]
    public void GoingThroughOptionsWhileTakingThemOutThrowsAtTheSecond()
    {
        FrameBuffer buffer = Syn.ToBuffer();
        string? message = Message(new Frame(buffer), static frame =>
        {
            frame.TryGetTcp(out TcpHeader tcp);
            foreach (TcpOption option in tcp.Options)
                frame.RemoveTcpOption(option.Kind);
        });
        Assert.Equal("RemoveTcpOption has moved the frame's bytes since this view was got: get the view anew after RemoveTcpOption.", message);
        buffer.Undo();
        Assert.Equal(Syn.ToOctets(), buffer.Octets.ToArray());
    }

    [Fact]
    public void AnEditThatMovesNothingLeavesViewsAsTheyWere()
    {
        FrameBuffer buffer = Syn.ToBuffer();
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetTcp(out TcpHeader tcp) & frame.TryGetIpv4(out Ipv4Header ip));
        Assert.True(tcp.Options.TryGet(TcpOptionKind.WindowScale, out TcpOption scale));

        Assert.Equal(EditResult.Changed, frame.SetMaximumSegmentSize(1200));
        Assert.Equal(EditResult.Unchanged, frame.RemoveTcpOption(TcpOptionKind.FastOpen));
        Assert.Equal(EditResult.Refused, frame.SetTcpOption(TcpOptionKind.FastOpen, new byte[38]));
        Assert.Equal(EditResult.Changed, frame.WritePayload(0, [9]));
        Assert.Equal(EditResult.Changed, frame.Mirror());
        (tcp.Window, ip.TimeToLive, scale.Byte) = (1000, 5, 9);

        Assert.Equal((1000, 5, "mss 1200,sackOK,TS val 305419896 ecr 0,nop,wscale 9"), (tcp.Window, ip.TimeToLive, tcp.Options.ToString()));
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
    }

    [Fact]
    public void ViewsOfTheOuterFrameThrowAfterAnInnerEditAndTheOtherWayRound()
    {
        FrameBuffer buffer = FramesWithEveryView.Load("GRE");
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetIpv4(out Ipv4Header outer) & frame.TryGetInner(out Frame inner) & inner.TryGetTcp(out TcpHeader tcp));
        // Nothing moves.
        (tcp.Window, outer.TimeToLive) = (1, 2);
        Assert.Equal(EditResult.Changed, inner.RemoveTcpOption(TcpOptionKind.Timestamps));
        Assert.StartsWith("RemoveTcpOption has moved", Message(outer, static view => view.TimeToLive = 3));
        Assert.StartsWith("RemoveTcpOption has moved", Message(tcp, static view => view.Window = 3));
        Assert.True(inner.TryGetTcp(out tcp) && tcp.Window == 1);

        // A tag leaves what is inside where it is.
        Assert.Equal(EditResult.Changed, frame.InsertVlanTag(5));
        tcp.Window = 4;
        byte[] octets = frame.ToArray();
        Assert.Equal(EditResult.Changed, frame.Replace([.. octets, 0, 0]));
        Assert.StartsWith("Replace has moved", Message(tcp, static view => view.Window = 5));
        Assert.StartsWith("Replace has moved", Message(inner, static view => _ = view.Length));
        Assert.StartsWith("Replace has moved", Message(inner, static view => view.TryGetTcp(out _)));
        Assert.True(frame.TryGetInner(out inner) && inner.TryGetTcp(out tcp) && tcp.Window == 4);
    }

    [Fact]
    public void ViewsOverBareOctetsKnowNoEdits()
    {
        byte[] octets = Syn.ToOctets();
        Assert.True(TcpHeader.TryRead(octets.AsSpan(34), out TcpHeader tcp));
        tcp.Window = 5;
        Assert.Equal(5, tcp.Window);
    }

    private delegate void Use<T>(T view)
        where T : allows ref struct;

    private static string? Message<T>(T view, Use<T> use)
        where T : allows ref struct
    {
        try
        {
            use(view);
            return null;
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }

    private static bool IsNoted(Type view, MethodInfo member) =>
        Noted.Contains($"{view.Name}.{member.Name}") || NotedAnywhere.Contains(member.Name)
        || (member.ReturnType.IsByRefLike && member.Name == "get_Current");
}
