using System.Text;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>Queries turned into their responses.</summary>
[Collection("allocations")]
public class AnswerDnsTests
{
    private static readonly DnsName Puzzle = DnsName.Parse("puzzle.test6.dartmouth.edu");
    private static readonly DnsName Zone = DnsName.Parse("test6.dartmouth.edu");
    private static readonly DnsName Server = DnsName.Parse("a.ns.test6.dartmouth.edu");
    private static readonly Ipv6Address Address = Ipv6Address.Parse("2604:5f00:ffff:fe00::bad:c0de");
    private static readonly DnsRecordFields[] Answers = [new AaaaRecordFields(Puzzle, Address, 86400)];
    private static readonly DnsRecordFields[] Authorities = [new NsRecordFields(Zone, Server, 259200)];

    private static readonly DnsRecordFields[] Glue =
        [new AaaaRecordFields(Server, Ipv6Address.Parse("2604:5f00:ffff:fe00::1:53"), 86400)];

    [Theory]
    [InlineData("dns-query-aaaa-ecs", "dns-answer-aaaa")]
    [InlineData("dns-query-aaaa-edns", "dns-answer-aaaa-2")]
    public void TheNotesAnswersComeOutOctetForOctet(string query, string answer)
    {
        FrameBuffer buffer = Load(Vectors.Frames[query]);
        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(
            new DnsAnswer { Answers = Answers, Authorities = Authorities, Additionals = Glue, SpeaksEdns = false }));
        Assert.Equal(Hex.Of(Vectors.Frames[answer]), Hex.Of(buffer.Octets));
    }

    [Fact]
    public void AnswersAloneAreEnough()
    {
        FrameBuffer buffer = Load(Vectors.Frames["dns-query-aaaa-edns"]);
        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(new AaaaRecordFields(Puzzle, Address, ttl: 60)));
        Assert.Equal(
            "AA NoError\nAnswer puzzle.test6.dartmouth.edu 60 Aaaa 2604:5f00:ffff:fe00::bad:c0de\nEDNS 1232 True\n",
            Print(buffer));
    }

    [Fact]
    public void ANameThatDoesNotExistComesWithTheZonesAuthority()
    {
        FrameBuffer buffer = Load(Query("nothing.example", DnsType.Aaaa));
        DnsName zone = DnsName.Parse("example");
        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(new DnsAnswer
        {
            Rcode = DnsRcode.NameError,
            Authorities = [new SoaRecordFields(zone, DnsName.Parse("ns.example"), DnsName.Parse("admin.example"), 7, minimum: 30, ttl: 60)],
        }));
        Assert.Equal("AA NameError\nAuthority example 60 Soa ns.example admin.example 7 3600 900 604800 30\n", Print(buffer));
    }

    [Fact]
    public void EveryTypeOfRecordIsWrittenAndReadBack()
    {
        DnsName name = DnsName.Parse("example"), target = DnsName.Parse("www.Example");
        string text = new('é', 200);
        FrameBuffer buffer = Load(Query("example", DnsType.Any, "0000290578000000000000"));
        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(new DnsAnswer
        {
            Answers =
            [
                new ARecordFields(name, Ipv4Address.Parse("192.0.2.1"), 1), new CnameRecordFields(name, target, 2),
                new PtrRecordFields(DnsName.Reverse(Ipv4Address.Parse("192.0.2.1")), target, 3), new TxtRecordFields(name, text, 4),
                new TxtRecordFields(name, "", 5), new DnsRecordFields(name, (DnsType)999, new byte[] { 1, 2 }, 6),
            ],
            RecursionAvailable = true,
            AuthoritativeAnswer = false,
        }));
        Assert.Equal(
            "RA NoError\nAnswer example 1 A 192.0.2.1\nAnswer example 2 Cname www.example\n" +
            "Answer 1.2.0.192.in-addr.arpa 3 Ptr www.example\n" +
            $"Answer example 4 Txt {text}\nAnswer example 5 Txt \nAnswer example 6 999 0102\nEDNS 1232 False\n",
            Print(buffer));
    }

    [Fact]
    public void WhatIsRepeatedFromTheQueryIs()
    {
        FrameBuffer buffer = Load(Query("PrInTeR.example", DnsType.Aaaa));
        new Frame(buffer).TryGetDns(out DnsMessage query);
        query.RecursionDesired = query.AuthenticData = query.CheckingDisabled = true;   // AD is the server's to say
        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(new AaaaRecordFields(DnsName.Parse("printer.example"), Address, 60)));
        Assert.Equal("AA RD CD NoError\nAnswer PrInTeR.example 60 Aaaa 2604:5f00:ffff:fe00::bad:c0de\n", Print(buffer));
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetIpv4(out Ipv4Header ipv4) & frame.TryGetUdp(out UdpHeader udp) & frame.TryGetDns(out DnsMessage message));
        Assert.Equal(("198.51.100.2", "192.0.2.1", 64), (ipv4.Source.ToString(), ipv4.Destination.ToString(), ipv4.TimeToLive));
        Assert.Equal((53, 40000, 0x1234), (udp.SourcePort, udp.DestinationPort, message.Id));
    }

    [Theory]
    [InlineData("", 512, true)]
    [InlineData("0000290100000000000000", 512, true)]   // less than 512 means 512
    [InlineData("0000290400000000000000", 1024, true)]
    [InlineData("000029ffff000000000000", 4096, false)]
    public void WhatDoesNotFitIsLeftOut(string edns, int limit, bool truncated)
    {
        var records = new DnsRecordFields[50];
        for (int i = 0; i < records.Length; i++)
            records[i] = new AaaaRecordFields(DnsName.Parse("many.example"), new Ipv6Address(0x20010DB8_00000000, (ulong)i), 60);
        FrameBuffer buffer = Load(Query("many.example", DnsType.Aaaa, edns));
        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(records));

        new Frame(buffer).TryGetDns(out DnsMessage message);
        Assert.Equal(truncated, message.Truncated);
        Assert.False(message.IsMalformed);
        Assert.Equal(edns.Length > 0, message.TryGetEdns(out _));
        int most = (limit - 12 - 18 - (edns.Length / 2)) / 28;
        Assert.Equal(truncated ? most : 50, message.AnswerCount);
        FrameCheck.Read(buffer);
    }

    [Fact]
    public void AdditionalRecordsThatDoNotFitAreNoTruncation()
    {
        var glue = new DnsRecordFields[40];
        Array.Fill(glue, new AaaaRecordFields(Server, Address, 60));
        FrameBuffer buffer = Load(Query("many.example", DnsType.Ns));
        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(new DnsAnswer { Additionals = glue }));
        new Frame(buffer).TryGetDns(out DnsMessage message);
        Assert.False(message.Truncated);
        Assert.InRange(message.AdditionalCount, 10, 20);
    }

    [Fact]
    public void TheMtuLimitsTheAnswer()
    {
        byte[] octets = Query("many.example", DnsType.Aaaa, "000029ffff000000000000");
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, default, mtu: 200);
        var records = new DnsRecordFields[50];
        Array.Fill(records, new AaaaRecordFields(DnsName.Parse("many.example"), Address, 60));
        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(records));
        Assert.InRange(FrameCheck.Read(buffer).PacketLength, 150, 200);
    }

    [Fact]
    public void TheClientsSubnetIsRepeatedWithItsScope()
    {
        FrameBuffer buffer = Load(Vectors.Frames["dns-query-aaaa-ecs"]);
        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(new DnsAnswer { Answers = Answers, ClientSubnetScope = 48 }));
        new Frame(buffer).TryGetDns(out DnsMessage message);
        Assert.True(message.TryGetEdns(out DnsEdns edns) && edns.DnssecOk && edns.TryGetClientSubnet(out DnsClientSubnet subnet)
            && subnet is { SourcePrefixLength: 64, ScopePrefixLength: 48 } && subnet.Ipv6Address == Ipv6Address.Parse("2001:470:23:a02::"));
    }

    [Fact]
    public void AnotherVersionOfEdnsIsTurnedDown()
    {
        FrameBuffer buffer = Load(Query("printer.example", DnsType.Aaaa, "0000290400000100000000"));
        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(new AaaaRecordFields(DnsName.Parse("printer.example"), Address, 60)));
        new Frame(buffer).TryGetDns(out DnsMessage message);
        Assert.Equal(0, message.AnswerCount);
        Assert.True(message.TryGetEdns(out DnsEdns edns));
        Assert.Equal((0, 1, DnsRcode.NoError), (edns.Version, edns.ExtendedRcode, message.Rcode));
    }

    [Theory]
    [InlineData(2, 0x80)]   // a response
    [InlineData(2, 0x28)]   // a NOTIFY and more
    [InlineData(5, 0x02)]   // two questions
    [InlineData(5, 0x00)]   // none
    [InlineData(12, 0xC0)]  // a pointer for a name
    [InlineData(11, 0x01)]  // a record that is not there
    public void OtherMessagesAreNotAnswered(int offset, byte value)
    {
        byte[] octets = Query("printer.example", DnsType.Aaaa);
        octets[42 + offset] = value;
        FrameBuffer buffer = Load(octets);
        Assert.Equal(Verdict.Continue, new Frame(buffer).Answer(new AaaaRecordFields(Puzzle, Address, 60)));
        Assert.Equal(octets, buffer.Octets.ToArray());
        Assert.False(buffer.Edited);
    }

    [Fact]
    public void AQueryInsideATunnelIsAnsweredThere()
    {
        TunnelledFrame sample = new TunnelledFrame(new FrameShape
        {
            IsRawIp = true, IsIpv6 = true, Transport = IpProtocol.Udp, Payload = Query("printer.example", DnsType.Aaaa)[42..],
        }).Wrap(TunnelKind.TeredoWithIndications, inIpv6: false).WithEthernet();
        var buffer = new FrameBuffer(new FrameUndo());
        sample.LoadInto(buffer);
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetInner(out Frame inner));
        Assert.Equal(Verdict.Reflect, inner.Answer(new AaaaRecordFields(DnsName.Parse("printer.example"), Address, 60)));
        Assert.Equal([0], sample.Check(frame.Octets));
        Assert.Equal("AA NoError\nAnswer printer.example 60 Aaaa 2604:5f00:ffff:fe00::bad:c0de\n", Print(inner.Buffer));
    }

    [Fact]
    public void AnsweringAllocatesNothing()
    {
        byte[] octets = Vectors.Frames["dns-query-aaaa-ecs"];
        FrameBuffer buffer = Load(octets);
        Run(buffer, octets, 100);
        int answered = 0;
        Assert.Equal(0, Allocation.In(() => answered = Run(buffer, octets, 5_000)));
        Assert.Equal(10_000, answered);
    }

    private static int Run(FrameBuffer buffer, byte[] octets, int times)
    {
        int answered = 0;
        for (int i = 0; i < times; i++)
        {
            buffer.Load(octets, LinkType.Ethernet, default);
            answered += new Frame(buffer).Answer(new AaaaRecordFields(Puzzle, Address, 60)) == Verdict.Reflect ? 1 : 0;
            buffer.Load(octets, LinkType.Ethernet, default);
            answered += new Frame(buffer).Answer(
                new DnsAnswer { Answers = Answers, Authorities = Authorities, Additionals = Glue, ClientSubnetScope = 0 }) == Verdict.Reflect ? 1 : 0;
        }

        return answered;
    }

    private static string Print(FrameRegion buffer)
    {
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
        Assert.True(new Frame(buffer).TryGetDns(out DnsMessage message) && message.IsResponse && !message.IsMalformed);
        var text = new StringBuilder();
        text.Append(message.AuthoritativeAnswer ? "AA " : "").Append(message.Truncated ? "TC " : "");
        text.Append(message.RecursionDesired ? "RD " : "").Append(message.RecursionAvailable ? "RA " : "");
        text.Append(message.AuthenticData ? "AD " : "").Append(message.CheckingDisabled ? "CD " : "").Append($"{message.Rcode}\n");
        foreach (DnsRecord record in message.Records)
        {
            if (record.Type == DnsType.Opt)
                continue;

            string data = Hex.Of(record.Data);
            if (record.TryGetTarget(out DnsNameView target))
                data = target.ToString();
            else if (record.TryGetStartOfAuthority(out DnsStartOfAuthority soa))
                data = $"{soa.PrimaryServer.ToString()} {soa.Mailbox.ToString()} {soa.Serial} {soa.Refresh} {soa.Retry} {soa.Expire} {soa.Minimum}";
            else if (record.HasIpv4Address)
                data = record.Ipv4Address.ToString();
            else if (record.HasIpv6Address)
                data = record.Ipv6Address.ToString();
            else if (record.Type == DnsType.Txt)
                data = Encoding.UTF8.GetString(Join(record.Strings));
            text.Append($"{record.Section} {record.Name.ToString()} {record.TimeToLive} {record.Type} {data}\n");
        }

        if (message.TryGetEdns(out DnsEdns edns))
            text.Append($"EDNS {edns.UdpPayloadSize} {edns.DnssecOk}\n");
        return text.ToString();
    }

    private static byte[] Join(DnsStrings strings)
    {
        var octets = new List<byte>();
        foreach (ReadOnlySpan<byte> text in strings)
            octets.AddRange(text);
        return [.. octets];
    }

    /// <summary>A query over IPv4 and UDP.</summary>
    private static byte[] Query(string name, DnsType type, string additional = "") => new FrameShape
    {
        Transport = IpProtocol.Udp,
        Payload =
        [
            0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, (byte)(additional.Length > 0 ? 1 : 0),
            .. DnsName.Parse(name).Octets, (byte)((int)type >> 8), (byte)type, 0, 1, .. Hex.Octets(additional),
        ],
    }.ToOctets();

    private static FrameBuffer Load(byte[] octets)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, default);
        return buffer;
    }
}
