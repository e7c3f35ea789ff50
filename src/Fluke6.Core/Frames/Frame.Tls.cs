using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>
    /// The ClientHello of TLS that a TCP segment, of any port, begins with, if all of it is there: one that goes on in the next segment is gathered
    /// first (<see cref="TlsClientHello.IsBeginning"/>). RFC 8446 §4.1.2.
    /// </summary>
    /// <param name="hello">The message. Its fields are sure to be there, extensions may be malformed.</param>
    public readonly bool TryGetTlsClientHello(out TlsClientHello hello)
    {
        ref readonly Layers layers = ref Layers;
        hello = default;
        return layers.Transport == IpProtocol.Tcp
            && TlsClientHello.TryRead(_buffer.Octets[layers.PayloadOffset..layers.PayloadEnd], out hello, TransportChecksum());
    }
}
