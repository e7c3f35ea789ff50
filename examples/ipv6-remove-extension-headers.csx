// Remove all extension headers, as RFC 7872 measured that parts of the Internet in effect do. RFC 8200 §4.
// Fragments keep theirs, and so do packets on their way along a routing header.
// See it:  ./run.sh lab -r examples/ipv6-add-destination-option.csx -r examples/ipv6-remove-extension-headers.csx --set type=158:
//          `ping` from the left host to the right host's IPv6 address is answered again

When(Guard.ExtensionHeader);

Verdict Apply(ref Frame frame)
{
    frame.RemoveExtensionHeaders();
    return Verdict.Continue;
}
