// Print what Teredo carries, what its servers say with it, and what its addresses tell. RFC 4380 §4, §5.1.1.
// See it:  ./run.sh bridge eth1 eth2 -r examples/teredo-print.csx between a Teredo client, such as miredo, and its server

When(Guard.Teredo);

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetTeredo(out var teredo) || !frame.TryGetInner(out var inner) || !inner.TryGetIpv6(out var ipv6))
        return Verdict.Continue;

    Log($"{(teredo.IsBubble ? "bubble: " : "")}{inner}");
    if (teredo.HasAuthentication)
        Log($"  authentication: nonce {teredo.Nonce:x16}, confirmation {teredo.Confirmation}");
    if (teredo.HasOrigin)
        Log($"  origin: {teredo.OriginAddress} port {teredo.OriginPort}");
    Explain("source", ipv6.Source);
    Explain("destination", ipv6.Destination);

    frame.Hit();
    return Verdict.Continue;
}

void Explain(string what, Ipv6Address address)
{
    if (TeredoAddress.TryParse(address, out var parts))
        Log($"  {what}: server {parts.Server}, client {parts.Client} port {parts.Port}, flags {parts.Flags:x4}{(parts.IsCone ? ": cone NAT" : "")}");
}
