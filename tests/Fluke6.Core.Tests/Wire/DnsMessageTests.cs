using System.Text;
using Fluke6.Frames;
using Fluke6.Core.Tests.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

/// <summary>The notes' queries and answers field by field, and messages that are not as they should be.</summary>
[Collection("allocations")]
public class DnsMessageTests
{
    private static readonly DnsName Puzzle = DnsName.Parse("puzzle.test6.dartmouth.edu");

    [Fact]
    public void TheNotesFirstQueryTellsTheClientsSubnet()
    {
        var frame = new Frame(Load("dns-query-aaaa-ecs"));
        Assert.True(frame.TryGetDns(out DnsMessage query));
        Assert.Equal(6967, query.Id);
        Assert.False(query.IsResponse | query.AuthoritativeAnswer | query.Truncated | query.RecursionDesired | query.RecursionAvailable);
        Assert.False(query.AuthenticData | query.CheckingDisabled | query.IsMalformed);
        Assert.Equal((DnsOpcode.Query, DnsRcode.NoError), (query.Opcode, query.Rcode));
        Assert.Equal((1, 0, 0, 1), (query.QuestionCount, query.AnswerCount, query.AuthorityCount, query.AdditionalCount));
        Assert.True(query.Asks(Puzzle, DnsType.Aaaa));
        Assert.False(query.Asks(Puzzle, DnsType.A));
        Assert.False(query.Asks(DnsName.Parse("test6.dartmouth.edu"), DnsType.Aaaa));

        Assert.True(query.TryGetEdns(out DnsEdns edns));
        Assert.Equal((4096, 0, 0, true), (edns.UdpPayloadSize, edns.ExtendedRcode, edns.Version, edns.DnssecOk));
        Assert.True(edns.TryGetClientSubnet(out DnsClientSubnet subnet));
        Assert.Equal((true, 64, 0), (subnet.IsIpv6, subnet.SourcePrefixLength, subnet.ScopePrefixLength));
        Assert.Equal("2001:470:23:a02::", subnet.Ipv6Address.ToString());
        Assert.Equal(Ipv4Address.Any, subnet.Ipv4Address);
    }

    [Fact]
    public void TheNotesSecondQueryTellsNone()
    {
        new Frame(Load("dns-query-aaaa-edns")).TryGetDns(out DnsMessage query);
        Assert.True(query.Asks(Puzzle, DnsType.Aaaa));
        Assert.True(query.TryGetEdns(out DnsEdns edns));
        Assert.Equal(4096, edns.UdpPayloadSize);
        Assert.False(edns.TryGetClientSubnet(out _));
        Assert.False(edns.Options.MoveNext());
    }

    [Theory]
    [InlineData("dns-answer-aaaa", 6967)]
    [InlineData("dns-answer-aaaa-2", 17407)]
    public void TheNotesAnswersNameAServerAndItsAddress(string vector, int id)
    {
        new Frame(Load(vector)).TryGetDns(out DnsMessage answer);
        Assert.Equal((id, true, true), (answer.Id, answer.IsResponse, answer.AuthoritativeAnswer));
        Assert.False(answer.Asks(Puzzle, DnsType.Aaaa));
        Assert.False(answer.TryGetEdns(out _));

        var text = new StringBuilder();
        foreach (DnsRecord record in answer.Records)
        {
            string data = record.TryGetTarget(out DnsNameView target) ? target.ToString() : record.Ipv6Address.ToString();
            text.Append($"{record.Section} {record.Name.ToString()} {record.TimeToLive} {record.Class} {record.Type} {data}\n");
        }

        Assert.Equal(
            "Answer puzzle.test6.dartmouth.edu 86400 Internet Aaaa 2604:5f00:ffff:fe00::bad:c0de\n" +
            "Authority test6.dartmouth.edu 259200 Internet Ns a.ns.test6.dartmouth.edu\n" +
            "Additional a.ns.test6.dartmouth.edu 86400 Internet Aaaa 2604:5f00:ffff:fe00::1:53\n",
            text.ToString());
    }

    [Fact]
    public void TheHeaderIsWrittenFieldByField()
    {
        byte[] octets = Hex.Prefilled(DnsMessage.HeaderLength);
        DnsMessage.TryRead(octets, out DnsMessage message);
        message.Id = 0x1234;
        message.IsResponse = false;
        message.Opcode = DnsOpcode.Notify;
        message.AuthoritativeAnswer = true;
        message.Truncated = true;
        message.RecursionDesired = false;
        message.RecursionAvailable = false;
        message.AuthenticData = false;
        message.CheckingDisabled = true;
        message.Rcode = DnsRcode.NameError;
        Assert.Equal("12342613a5a5a5a5a5a5a5a5", Hex.Of(octets));
    }

    [Fact]
    public void SettersKeepTheUdpChecksumAndAreUndone()
    {
        foreach (int error in new[] { 0, 0x1234 })
        {
            FrameBuffer buffer = Load("dns-answer-aaaa");
            buffer.Octets[14 + 40 + 6] ^= (byte)error;
            byte[] before = buffer.Octets.ToArray();
            int wrong = FrameCheck.Read(buffer).ChecksumError;
            new Frame(buffer).TryGetDns(out DnsMessage answer);
            foreach (DnsRecord record in answer.Records)
            {
                DnsRecord edited = record;
                edited.TimeToLive = 7;
                if (edited.HasIpv6Address)
                    edited.Ipv6Address = Ipv6Address.Parse("2001:db8::53");
                Assert.Equal(edited.Type == DnsType.Aaaa ? "2001:db8::53" : "::", edited.Ipv6Address.ToString());
            }

            answer.Truncated = true;
            answer.TryGetQuestion(out DnsQuestion question);
            question.Type = DnsType.A;
            Assert.Equal(wrong, FrameCheck.Read(buffer).ChecksumError);
            Assert.False(answer.IsMalformed);
            Assert.NotEqual(before, buffer.Octets.ToArray());
            buffer.Undo();
            Assert.Equal(before, buffer.Octets.ToArray());
        }
    }

    [Fact]
    public void EdnsIsWritten()
    {
        FrameBuffer buffer = Load("dns-query-aaaa-ecs");
        new Frame(buffer).TryGetDns(out DnsMessage query);
        query.TryGetEdns(out DnsEdns edns);
        edns.UdpPayloadSize = 1232;
        edns.DnssecOk = false;
        edns.ExtendedRcode = 1;
        edns.Version = 2;
        edns.TryGetClientSubnet(out DnsClientSubnet subnet);
        subnet.ScopePrefixLength = 48;
        Assert.Equal("000029" + "04d0" + "01020000" + "0010" + "0008000c00024030" + "2001047000230a02", Hex.Of(query.Octets)[^54..]);
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
    }

    [Fact]
    public void StringsAndStartOfAuthorityAreRead()
    {
        byte[] octets = Hex.Octets(
            "0001 8183 0000 0001 0001 0000" +
            "00 0010 0001 0000003c 0007" + "0168 00 03c3a921" +
            "0165 00 0006 0001 0000003c 001c" + "026e7300 026d6200" + "00000001 00000002 00000003 00000004 00000005");
        Assert.True(DnsMessage.TryRead(octets, out DnsMessage message));
        Assert.False(message.IsMalformed);
        DnsRecords.Enumerator records = message.Records.GetEnumerator();
        Assert.True(records.MoveNext());
        var strings = new List<string>();
        foreach (ReadOnlySpan<byte> text in records.Current.Strings)
            strings.Add(Hex.Of(text));
        Assert.Equal(["68", "", "c3a921"], strings);

        Assert.True(records.MoveNext());
        Assert.True(records.Current.TryGetStartOfAuthority(out DnsStartOfAuthority soa));
        Assert.Equal(("ns", "mb"), (soa.PrimaryServer.ToString(), soa.Mailbox.ToString()));
        Assert.Equal((1u, 2u, 3u, 4u, 5u), (soa.Serial, soa.Refresh, soa.Retry, soa.Expire, soa.Minimum));
        soa.Minimum = 60;
        Assert.Equal(60, octets[^1]);
    }

    [Theory]
    [InlineData("00 0010 0001 00000000 0002 0261")]             // a string longer than the data
    [InlineData("00 0001 0001 00000000 0003 010203")]           // three octets of IPv4 address
    [InlineData("00 001c 0001 00000000 0004 01020304")]         // four of IPv6
    [InlineData("00 0002 0001 00000000 0003 016100")]           // a name, for comparison
    [InlineData("00 0002 0001 00000000 0004 01610000")]         // a name and more
    [InlineData("00 0006 0001 00000000 0002 0000")]             // an SOA without numbers
    [InlineData("00 0029 0001 00000000 0003 000800")]           // half an option
    [InlineData("00 0029 0001 00000000 0008 0008000400013020")] // a subnet of 48 bits in no octets
    [InlineData("00 0029 0001 00000000 0004 00080001")]         // an option past the end
    public void DataThatDoesNotFitItsTypeReadsAsNone(string hex)
    {
        byte[] octets = Hex.Octets("0001 8000 0000 0000 0000 0001" + hex);
        DnsMessage.TryRead(octets, out DnsMessage message);
        DnsRecords.Enumerator records = message.Records.GetEnumerator();
        Assert.True(records.MoveNext());
        DnsRecord record = records.Current;
        Assert.Equal((default, default), (record.Ipv4Address, record.Ipv6Address));
        Assert.Equal(hex.EndsWith("016100", StringComparison.Ordinal), record.TryGetTarget(out _));
        Assert.False(record.TryGetStartOfAuthority(out _));
        DnsStrings strings = record.Strings;
        Assert.False(strings.MoveNext());
        Assert.Equal(record.Type == DnsType.Txt, strings.IsMalformed);
        Assert.False(message.TryGetEdns(out DnsEdns edns) && edns.TryGetClientSubnet(out _));
    }

    [Fact]
    public void EveryTruncationEndsTheWalk()
    {
        foreach (string vector in new[] { "dns-query-aaaa-ecs", "dns-answer-aaaa" })
        {
            byte[] message = Vectors.Frames[vector][62..];
            for (int length = 0; length < message.Length; length++)
            {
                Assert.Equal(length >= 12, DnsMessage.TryRead(message.AsSpan(0, length), out DnsMessage cut));
                Assert.Equal(length >= 12, cut.IsMalformed);
            }
        }
    }

    [Fact]
    public void AnyOctetsAreReadWithoutEndlessWalks()
    {
        byte[][] vectors = [.. new[] { "dns-query-aaaa-ecs", "dns-answer-aaaa" }.Select(name => Vectors.Frames[name])];
        var buffer = new FrameBuffer(new FrameUndo());
        int malformed = 0;
        const int rounds = 120_000;
        for (int seed = 0; seed < rounds; seed++)
        {
            var random = new Random(seed);
            byte[] octets = [.. vectors[seed % 2]];
            for (int i = random.Next(1, 8); i > 0; i--)
                octets[random.Next(62, octets.Length)] = random.Next(8) == 0 ? (byte)DnsType.Https : (byte)(random.Next(3) == 0 ? 0xC0 | random.Next(4) : random.Next(256));
            buffer.Load(octets, LinkType.Ethernet, default);
            new Frame(buffer).TryGetDns(out DnsMessage message);
            Touch(message);
            malformed += message.IsMalformed ? 1 : 0;
        }

        Assert.InRange(malformed, rounds / 10, rounds - (rounds / 10));
    }

    [Fact]
    public void ReadingAndComparingAllocatesNothing()
    {
        FrameBuffer buffer = Load("dns-query-aaaa-ecs");
        Count(buffer, 100);
        int count = 0;
        Assert.Equal(0, Allocation.In(() => count = Count(buffer, 5_000)));
        Assert.Equal(5_000, count);
    }

    private static int Count(FrameBuffer buffer, int times)
    {
        int count = 0;
        Span<char> text = stackalloc char[300];
        for (int i = 0; i < times; i++)
        {
            if (new Frame(buffer).TryGetDns(out DnsMessage query)
                && query.Asks(Puzzle, DnsType.Aaaa)
                && query.TryGetQuestion(out DnsQuestion question) && question.Name.TryFormat(text, out _)
                && query.TryGetEdns(out DnsEdns edns) && edns.TryGetClientSubnet(out _))
            {
                query.Id++;
                count++;
            }
        }

        return count;
    }

    private static void Touch(DnsMessage message)
    {
        int count = 0;
        foreach (DnsQuestion question in message.Questions)
            Assert.InRange(question.Name.ToString().Length, 1, 1020);
        foreach (DnsRecord record in message.Records)
        {
            DnsRecord edited = record;
            Assert.InRange(++count, 1, 20);
            Assert.InRange(edited.Name.ToString().Length, 0, 1020);
            edited.TryGetTarget(out DnsNameView target);
            target.TryGetIpv6Address(out _);
            edited.TryGetStartOfAuthority(out _);
            foreach (ReadOnlySpan<byte> text in edited.Strings)
                Assert.InRange(text.Length, 0, 255);
            if (edited.HasIpv4Address)
                edited.Ipv4Address = Ipv4Address.Broadcast;
            if (edited.HasIpv6Address)
                edited.Ipv6Address = Ipv6Address.AllNodes;
            if (edited.TryGetService(out DnsService service))
                Touch(service);
            edited.WriteData(edited.Data.Length / 2, edited.Data[(edited.Data.Length / 2)..]);
            edited.CacheFlush = false;
            edited.TimeToLive = uint.MaxValue;
        }

        if (message.TryGetEdns(out DnsEdns edns) && edns.TryGetClientSubnet(out DnsClientSubnet subnet))
            _ = (subnet.Ipv4Address, subnet.Ipv6Address);
    }

    private static void Touch(DnsService service)
    {
        service.Target.ToString();
        foreach (DnsServiceParameter parameter in service.Parameters)
            parameter.Write(0, parameter.Value);
        if (service.TryGetIpv6Hints(out DnsIpv6Hints hints))
            hints[hints.Count - 1] = Ipv6Address.AllNodes;
        if (service.TryGetIpv4Hints(out DnsIpv4Hints others))
            others[others.Count - 1] = Ipv4Address.Broadcast;
    }

    private static FrameBuffer Load(string vector)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(Vectors.Frames[vector], LinkType.Ethernet, default);
        return buffer;
    }
}
