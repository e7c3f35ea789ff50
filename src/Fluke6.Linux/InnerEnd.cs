using Microsoft.Win32.SafeHandles;

namespace Fluke6.Linux;

/// <summary>The end of a veth pair that is a host's, seen by a socket in that host's network namespace.</summary>
/// <param name="socket">Any socket that was opened there.</param>
/// <param name="name">The interface's name there.</param>
internal sealed class InnerEnd(SafeFileHandle socket, string name) : IDisposable
{
    private readonly InterfaceControl _control = new(socket, namespaceIdentity: "");
    private readonly byte[] _name = InterfaceControl.NameOctets(name);

    /// <summary>The socket.</summary>
    public int Descriptor => _control.Descriptor;

    /// <summary>The inner end of a port's pair.</summary>
    public static InnerEnd Open(PortSpecification specification) =>
        new(NetworkNamespace.Run(specification.NetworkNamespace, specification.Name, () => InterfaceControl.OpenSocket(specification.Name)), specification.Name);

    /// <summary>
    /// Gives the outer end the MTU of this one, if it has another: what the host sends beyond the outer end's, the kernel would drop without
    /// a word.
    /// </summary>
    /// <param name="outer">The outer end's namespace.</param>
    /// <param name="outerName">The outer end.</param>
    /// <param name="mtu">Its MTU, in bytes.</param>
    public void LendMtu(InterfaceControl outer, ReadOnlySpan<byte> outerName, int mtu)
    {
        if (_control.TryGetMtu(_name, out int wanted) && wanted != mtu)
            outer.TrySetMtu(outerName, wanted);
    }

    /// <inheritdoc/>
    public void Dispose() => _control.Dispose();
}
