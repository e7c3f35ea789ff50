// Take from TCP what middleboxes take: ECN (RFC 3168), Multipath TCP (RFC 8684), Fast Open (RFC 7413) and timestamps (RFC 7323).
// See it:  ./run.sh lab -r examples/tcp-remove-extras.csx; on both `sysctl net.ipv4.tcp_ecn=1`, then a connection; `ss -tino`: no ts, no ecn

When(Guard.Tcp() | Guard.Ipv4 | Guard.Ipv6);

void Apply(ref Frame frame)
{
    frame.StripEcn();
    if (frame.TryGetTcp(out var tcp) && tcp.Syn)
        frame.RemoveTcpOptions([TcpOptionKind.Multipath, TcpOptionKind.FastOpen, TcpOptionKind.Timestamps]);
}
