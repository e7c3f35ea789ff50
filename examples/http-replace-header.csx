// Replace a header of HTTP requests, whatever its length, in every request of a connection. RFC 9112 §5, §6.
// See it:  ./run.sh lab -r examples/http-replace-header.csx --set value="fluke6, in flight" --set port=8000, then on right
//          `python3 -m http.server 8000`, on left `curl -v http://192.0.2.2:8000/`: the server logs what curl did not send

readonly ushort port = Param<ushort>("port", 80, "the port that connections are opened to");
readonly byte[] name = Encoding.ASCII.GetBytes(Param("name", "User-Agent", "the header") + ":");
readonly byte[] header = [.. name, .. Encoding.UTF8.GetBytes($" {Param("value", "Fluke6", "what it is to say")}\r\n")];

readonly TcpStreams streams = RewriteTcp(new() { Port = port, TellsOfWaiting = true }, (stream, data) =>
{
    ref var request = ref stream.State<(long Length, long Body)>();
    if (!stream.IsFromClient)
    {
        stream.PassRest();
    }
    else if (request.Body > 0)
    {
        int count = (int)Math.Min(request.Body, data.Length);
        data.Pass(count);
        request.Body -= count;
    }
    else if (data.IndexOf("\n"u8) is >= 0 and var end)
    {
        var line = data.Bytes[..(end + 1)];
        if (Begins(line, "Content-Length:"u8))
            long.TryParse(line["Content-Length:".Length..].Trim(" \r\n"u8), out request.Length);
        else if (Begins(line, "Transfer-Encoding:"u8) || Begins(line, "Upgrade:"u8))
            stream.PassRest();    // what follows is of a length that only its own format tells
        else if (line.Length <= 2)
            request = (0, request.Length);

        if (Begins(line, name))
            data.Replace(line.Length, header);
        else
            data.Pass(line.Length);
    }
});
When(Guard.Tcp(port) | Guard.Icmpv4() | Guard.Icmpv6());

Verdict Apply(ref Frame frame) => streams.Rewrite(ref frame);

// Names of headers are written in either case. RFC 9110 §5.1.
bool Begins(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
    line.Length >= name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);
