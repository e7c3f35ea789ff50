using CsCheck;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class TlsClientHelloTests
{
    // OpenSSL 3.0's, for www.example.net and h2, http/1.1.
    private const string OpenSsl = "1603010200010001fc0303d9571a9a91122992c2ec410ddb98213f489a2eb6a0605b425adc41107e32a81d2051bb0eef48be5bb35e16fc9f6981123439d7a4816e61"
        + "ec16c00f3f194e9211ea003e130213031301c02cc030009fcca9cca8ccaac02bc02f009ec024c028006bc023c0270067c00ac0140039c009c0130033009d009c003d003c0035"
        + "002f00ff0100017500000014001200000f7777772e6578616d706c652e6e6574000b000403000102000a00160014001d0017001e001900180100010101020103010400230000"
        + "0010000e000c02683208687474702f312e310016000000170000000d002a0028040305030603080708080809080a080b080408050806040105010601030303010302040205020"
        + "602002b0009080304030303020301002d00020101003300260024001d0020310760a99b70079030f837fd2976859b460f1b5de689315732bb9aaf5c02b038001500ae";

    private static readonly byte[] s_openSsl = [.. Hex.Octets(OpenSsl), .. new byte[174]];

    [Fact]
    public void HelloOfOpenSslIsRead()
    {
        Assert.Equal(517, s_openSsl.Length);
        Assert.True(TlsClientHello.TryRead(s_openSsl.ToArray(), out TlsClientHello hello));
        Assert.Equal("www.example.net", hello.ServerName.ToString());
        Assert.True(hello.ServerName.Equals("WWW.example.net") && !hello.ServerName.Equals("www.example.ne"));
        Assert.Equal("h2,http/1.1", hello.ApplicationProtocols.ToString());
        Assert.True(hello.ApplicationProtocols.Contains("h2") && !hello.ApplicationProtocols.Contains("h3"));
        Assert.Equal("0304,0303,0302,0301", hello.SupportedVersions.ToString());
        Assert.Equal((0x0301, 0x0303, 31, 32, 0x1302), (hello.RecordVersion, hello.LegacyVersion, hello.CipherSuites.Count, hello.SessionId.Length, hello.CipherSuites[0]));
        Assert.False(hello.IsMalformed);
        Assert.Equal("TLS ClientHello, versions 0304,0303,0302,0301, name www.example.net, protocols h2,http/1.1", hello.ToString());
        Assert.StartsWith("ServerName www.example.net,EcPointFormats,SupportedGroups,SessionTicket,ApplicationProtocols h2,http/1.1,", hello.Extensions.ToString());
    }

    // Records may cut the message anywhere, its own header and lengths included; what follows it is not looked at.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(511)]
    public void HelloOfSeveralRecordsIsTheSame(int recordLength)
    {
        Assert.True(TlsClientHello.TryRead(s_openSsl.ToArray(), out TlsClientHello one));
        TlsClientHelloFields fields = TlsClientHelloFields.Read(one) with { RecordLength = recordLength };
        byte[] octets = new byte[fields.Length + 7];
        fields.Write(octets);
        octets[^7..].AsSpan().Fill(0xEE);
        Assert.True(TlsClientHello.TryRead(octets, out TlsClientHello hello));
        Assert.Equal(s_openSsl[5..], hello.Message.ToArray());
        Assert.Equal("www.example.net", hello.ServerName.ToString());
        Assert.Equal("h2,http/1.1", hello.ApplicationProtocols.ToString());
        Assert.Equal(EditResult.Changed, hello.ServerName.Octets.Write(0, "abc"u8));
        Assert.Equal("abc.example.net", hello.ServerName.ToString());
        Assert.Equal(EditResult.Refused, hello.ServerName.Octets.Write(13, "abc"u8));
        Assert.Equal(fields with { Extensions = TlsClientHelloFields.Read(hello).Extensions }, TlsClientHelloFields.Read(hello));
    }

    [Fact]
    public void EachPartOfAHelloIsItsBeginningAndNothingElseIs()
    {
        TlsClientHello.TryRead(s_openSsl.ToArray(), out TlsClientHello one);
        TlsClientHelloFields fields = TlsClientHelloFields.Read(one) with { RecordLength = 60 };
        byte[] octets = new byte[fields.Length];
        fields.Write(octets);
        for (int length = 0; length < octets.Length; length++)
        {
            Assert.True(TlsClientHello.IsBeginning(octets.AsSpan(0, length)), $"{length}");
            Assert.False(TlsClientHello.TryRead(octets.AsSpan(0, length), out _));
        }

        Assert.False(TlsClientHello.IsBeginning(octets));
        // Data, another version, an empty record, one too long, another message; a second record that is none.
        foreach ((int at, byte value) in ((int, byte)[])[(0, 23), (1, 2), (5, 2), (65, 23)])
        {
            byte[] other = [.. octets[..100]];
            other[at] = value;
            Assert.False(TlsClientHello.IsBeginning(other), $"{at}");
            Assert.False(TlsClientHello.TryRead(other, out _));
        }

        Assert.False(TlsClientHello.IsBeginning(Hex.Octets("1603010000")));
        Assert.False(TlsClientHello.IsBeginning(Hex.Octets("160301ffff01")));
        Assert.False(TlsClientHello.IsBeginning("GET / HTTP/1.1"u8));
    }

    [Fact]
    public void HelloWithoutExtensionsIsRead()
    {
        byte[] octets = Hex.Octets("160301002d" + "01000029" + "0301" + new string('0', 64) + "00" + "0002" + "002f" + "01" + "00");
        Assert.True(TlsClientHello.TryRead(octets, out TlsClientHello hello));
        Assert.True(hello.ServerName.IsEmpty);
        Assert.Equal((0, 0), (hello.SupportedVersions.Count, hello.Extensions.ToString().Length));
        Assert.Equal("TLS ClientHello, version 0301", hello.ToString());
    }

    // A record of one octet takes six: looking up each octet from the first record on would take a second for a frame.
    [Fact]
    public void TimeGrowsWithTheLengthAndNotWithItsSquare()
    {
        var fields = new TlsClientHelloFields([.. Enumerable.Range(0, 2600).Select(i => new TlsExtensionFields((TlsExtensionType)(1000 + i))), TlsExtensionFields.ServerName("a")])
        {
            RecordLength = 1,
        };
        byte[] octets = new byte[fields.Length];
        fields.Write(octets);
        Assert.True(octets.Length > 60_000);
        Assert.True(TlsClientHello.TryRead(octets, out TlsClientHello hello));
        Assert.Equal("a", hello.ServerName.ToString());
        Assert.True(hello.Extensions.Contains((TlsExtensionType)3599));
    }

    [Fact]
    public void NothingThrowsWhateverTheOctetsAre() =>
        (from length in Gen.Int[1, 600] from cut in Gen.Int[0, 517] from places in Gen.Int[0, 700].Array[5] from values in Gen.Byte.Array[5] select (length, cut, places, values))
            .Sample(change =>
            {
                TlsClientHello.TryRead(s_openSsl.ToArray(), out TlsClientHello one);
                TlsClientHelloFields fields = TlsClientHelloFields.Read(one) with { RecordLength = change.length };
                byte[] octets = new byte[fields.Length];
                fields.Write(octets);
                for (int i = 0; i < change.places.Length; i++)
                    octets[change.places[i] % octets.Length] = change.values[i];
                Span<byte> stream = octets.AsSpan(0, Math.Max(1, octets.Length - (change.cut / 3)));
                _ = TlsClientHello.IsBeginning(stream);
                if (!TlsClientHello.TryRead(stream, out TlsClientHello hello))
                    return;

                _ = hello.ToString() + hello.Extensions.ToString() + hello.CipherSuites.ToString() + hello.Message.ToString() + hello.CompressionMethods.ToArray().Length;
                _ = TlsClientHelloFields.Read(hello);
            });

    [Fact]
    public void FrameHasItAndItsTextSaysSo()
    {
        foreach (int recordLength in (int[])[16384, 3])
        {
            FrameBuffer buffer = Arrived.Buffer(KnownFrames.ClientHello(recordLength));
            var frame = new Frame(buffer);
            Assert.True(frame.TryGetTlsClientHello(out TlsClientHello hello));
            Assert.EndsWith(", TLS ClientHello, versions 0304,0303, name www.example.net, protocols h2,http/1.1", frame.ToString());
            Assert.Equal(EditResult.Changed, hello.ServerName.Octets.Write(0, "WWW"u8));
            Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
        }
    }
}
