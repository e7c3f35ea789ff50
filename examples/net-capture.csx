// Write the frames of one port, TCP's and UDP's, to a capture file of their own. draft-ietf-opsawg-pcapng; ports, RFC 6335 §6.
// See it:  ./run.sh lab -r examples/net-capture.csx --set port=53 --set file=/tmp/dns.pcapng; then `tshark -r /tmp/dns.pcapng`

readonly ushort port = Param<ushort>("port", 53, "whose frames are written", 1, 65_535);
readonly RuleCapture capture = CaptureTo(Param("file", "port.pcapng", "the file, seen from where the bridge runs"));
When(Guard.Tcp(port) | Guard.Udp(port));

void Apply(ref Frame frame)
{
    if (!frame.TryGetPorts(out var ports) || ports.Source != port && ports.Destination != port)
        return;

    capture.Add(ref frame);
    frame.Hit();
}
