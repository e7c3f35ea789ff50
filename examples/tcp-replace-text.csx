// Replace a text in TCP connections by another, shorter or longer, wherever it stands, also across segments. RFC 9293 §3.4, RFC 2018.
// It knows no protocol: a length that is said in the stream, as HTTP's Content-Length or a chunk's, stays what it was, and who reads by it reads too much or too little.
// See it:  ./run.sh lab -r examples/tcp-replace-text.csx --set from=cat --set to=elephant --set port=7000, then on right `nc -l 7000`,
//          on left `nc 192.0.2.2 7000`, and a line with a cat in it; `ss -tino` on both hosts: sack is in force, and no segment is lost

readonly ushort port = Param<ushort>("port", 80, "the port that connections are opened to; 0 for all");
readonly TcpStreams streams = ReplaceTcp(
    Encoding.UTF8.GetBytes(Param("from", "http://", "the text that is replaced")),
    Encoding.UTF8.GetBytes(Param("to", "gopher://", "the text that takes its place")),
    new() { Port = port, TellsOfWaiting = true });

// ICMP errors quote segments, whose numbers the sender has to know.
When((port == 0 ? Guard.Tcp() : Guard.Tcp(port)) | Guard.Icmpv4() | Guard.Icmpv6());

Verdict Apply(ref Frame frame) => streams.Rewrite(ref frame);
