using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

/// <summary>SVCB and HTTPS records, bytes of any record, and the class's top bit in multicast DNS.</summary>
public sealed class DnsServiceTests
{
    // A response with one answer, owned by the root.
    private const string Response = "0001 8000 0000 0001 0000 0000";

    // The test vectors of RFC 9460, appendix D, in IN and HTTPS or SVCB.
    [Theory]
    [InlineData("0000 03666f6f076578616d706c6503636f6d00", 0, "foo.example.com", "")]
    [InlineData("0001 00", 1, ".", "")]
    [InlineData("0010 03666f6f076578616d706c6503636f6d00 0003 0002 0035", 16, "foo.example.com", "Port=0035")]
    [InlineData("0001 03666f6f076578616d706c6503636f6d00 029b 0005 68656c6c6f", 1, "foo.example.com", "667=68656c6c6f")]
    [InlineData(
        "0001 03666f6f076578616d706c6503636f6d00 0006 0020 20010db8000000000000000000000001 20010db8000000000000000000530001", 1,
        "foo.example.com", "Ipv6Hint=20010db800000000000000000000000120010db8000000000000000000530001")]
    [InlineData(
        "0010 03666f6f076578616d706c65036f726700 0000 0004 00010004 0001 0009 0268320568332d3139 0004 0004 c0000201", 16,
        "foo.example.org", "Mandatory=00010004 Alpn=0268320568332d3139 Ipv4Hint=c0000201")]
    public void VectorsOfTheRfcAreRead(string data, int priority, string target, string parameters)
    {
        foreach (string type in new[] { "0040", "0041" })
        {
            Assert.True(Record(data, type, out _).TryGetService(out DnsService service));
            Assert.Equal((priority, target), (service.Priority, service.Target.ToString()));
            List<string> read = [];
            foreach (DnsServiceParameter parameter in service.Parameters)
                read.Add($"{parameter.Key}={Hex.Of(parameter.Value)}");
            Assert.Equal(parameters, string.Join(' ', read));
        }
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0001")]
    [InlineData("0001 03666f")]                                   // a name that is cut short
    [InlineData("0001 00 0003 0002 00")]                          // a value past the data
    [InlineData("0001 00 0003 00")]                               // half a parameter
    [InlineData("0001 00 0003 0002 0035 0003 0002 0035")]         // a key twice: RFC 9460 §2.2
    [InlineData("0001 00 0004 0004 c0000201 0003 0002 0035")]     // keys that do not ascend
    public void DataThatClientsRefuseIsNoService(string data) => Assert.False(Record(data, "0041", out _).TryGetService(out _));

    [Fact]
    public void RecordOfAnotherTypeIsNoService() => Assert.False(Record("0001 00", "0010", out _).TryGetService(out _));

    [Fact]
    public void HintsArePriorityAndAnyValueAreWritten()
    {
        DnsRecord record = Record(
            "0001 00 0003 0002 0035 0004 0008 c0000201c0000202 0006 0020 20010db8000000000000000000000001 20010db8000000000000000000000002",
            "0041", out byte[] message);
        Assert.True(record.TryGetService(out DnsService service));
        Assert.True(service.TryGetIpv6Hints(out DnsIpv6Hints hints));
        Assert.True(service.TryGetIpv4Hints(out DnsIpv4Hints others));
        Assert.Equal((2, 2), (hints.Count, others.Count));
        Assert.Equal(("2001:db8::2", "192.0.2.2"), (hints[1].ToString(), others[1].ToString()));
        hints[1] = Ipv6Address.Parse("2001:db8::c0de");
        others[0] = Ipv4Address.Parse("198.51.100.1");
        service.Priority = 3;
        foreach (DnsServiceParameter parameter in service.Parameters)
        {
            if (parameter.Key == DnsServiceParameterKey.Port)
            {
                Assert.Equal(EditResult.Changed, parameter.Write(1, [0x36]));
                Assert.Equal(EditResult.Refused, parameter.Write(1, [0, 0]));
                Assert.Equal(EditResult.Refused, parameter.Write(-1, [0]));
            }
        }

        Assert.Equal(
            Hex.Of(Hex.Octets(
                "0003 00 0003 0002 0036 0004 0008 c6336401c0000202 0006 0020 20010db8000000000000000000000001 20010db800000000000000000000c0de")),
            Hex.Of(message.AsSpan(DnsMessage.HeaderLength + 11)));
    }

    [Theory]
    [InlineData("0006 000f 20010db80000000000000000000000")]
    [InlineData("0006 0000")]
    [InlineData("0004 0010 20010db8000000000000000000000001")]
    public void HintsOfAnotherLengthOrKeyAreNone(string parameter)
    {
        Assert.True(Record("0001 00" + parameter, "0041", out _).TryGetService(out DnsService service));
        Assert.False(service.TryGetIpv6Hints(out _));
    }

    [Fact]
    public void BytesOfAnyRecordAreWritten()
    {
        DnsRecord record = Record("0102030405", "fde8", out byte[] message);
        Assert.Equal(EditResult.Changed, record.WriteData(1, [9, 8]));
        Assert.Equal(EditResult.Unchanged, record.WriteData(5, []));
        foreach ((int offset, int length) in new[] { (4, 2), (-1, 1), (6, 0), (int.MaxValue, 1) })
            Assert.Equal(EditResult.Refused, record.WriteData(offset, new byte[length]));
        Assert.Equal("0109080405", Hex.Of(record.Data));
        Assert.Equal("0109080405", Hex.Of(message.AsSpan(^5..)));
    }

    // RFC 6762 §5.4, §10.2.
    [Fact]
    public void TopBitOfTheClassIsNotOfTheClass()
    {
        DnsRecord record = Record("20010db8000000000000000000000001", "001c", out byte[] message, @class: "8001");
        Assert.Equal((DnsClass.Internet, true, true), (record.Class, record.CacheFlush, record.HasIpv6Address));
        record.Ipv6Address = Ipv6Address.Parse("2001:db8::2");
        Assert.Equal("20010db8000000000000000000000002", Hex.Of(record.Data));
        record.CacheFlush = false;
        Assert.Equal("0001", Hex.Of(message.AsSpan(DnsMessage.HeaderLength + 3, 2)));
        record.CacheFlush = true;
        Assert.Equal("8001", Hex.Of(message.AsSpan(DnsMessage.HeaderLength + 3, 2)));

        byte[] query = Hex.Octets("0000 0000 0001 0000 0000 0000 0161056c6f63616c00 001c 8001");
        Assert.True(DnsMessage.TryRead(query, out DnsMessage asked) && asked.Asks(DnsName.Parse("a.local"), DnsType.Aaaa));
        Assert.True(asked.TryGetQuestion(out DnsQuestion question) && question.UnicastResponse && question.Class == DnsClass.Internet);
        question.Class = DnsClass.Chaos;
        Assert.Equal("8003", Hex.Of(query.AsSpan(^2..)));
        question.UnicastResponse = false;
        Assert.Equal("0003", Hex.Of(query.AsSpan(^2..)));
    }

    [Theory]
    [InlineData("001c", "01020304", "AAAA record of . has no data that is an IPv6 address", true)]
    [InlineData("0001", "01020304", "A record of . has no data that is an IPv6 address", true)]
    [InlineData("0005", "0161 00", "Cname record of . has no data that is an IPv4 address", false)]
    public void SettingDataThatIsNotThereIsAnError(string type, string data, string message, bool isIpv6)
    {
        var exception = Assert.Throws<InvalidOperationException>(() =>
        {
            DnsRecord record = Record(data, type, out _);
            if (isIpv6)
                record.Ipv6Address = Ipv6Address.AllNodes;
            else
                record.Ipv4Address = Ipv4Address.Broadcast;
        });
        Assert.Contains(message, exception.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(isIpv6 ? "HasIpv6Address" : "HasIpv4Address", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnAliasOfAWholeZoneHasATarget()
    {
        Assert.True(Record("0161 00", "0027", out _).TryGetTarget(out DnsNameView target));
        Assert.True(target.Equals(DnsName.Parse("A")) && target.Equals(target));
        Assert.False(target.Equals(default(DnsNameView)));
    }

    private static DnsRecord Record(string data, string type, out byte[] message, string @class = "0001")
    {
        byte[] octets = Hex.Octets(data);
        message = Hex.Octets($"{Response} 00 {type} {@class} 00000000 {octets.Length:x4} {data}");
        DnsMessage.TryRead(message, out DnsMessage read);
        DnsRecords.Enumerator records = read.Records.GetEnumerator();
        Assert.True(records.MoveNext());
        return records.Current;
    }
}
