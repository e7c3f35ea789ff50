using System.Globalization;
using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>A port that another program opened, as this one goes on with it: descriptors, inherited by number.</summary>
/// <param name="Port">Through which frames pass.</param>
/// <param name="Control">A socket in the port's network namespace.</param>
/// <param name="Third">
/// A TAP's: the counters of that namespace. A packet socket's: the lock of its interface. −1 if there is none.
/// </param>
/// <param name="Ring">A packet socket's: its <see cref="TransmitRing"/>. −1 if there is none.</param>
/// <param name="Inner">A veth pair's: a socket in the network namespace of its inner end. −1 if there is none.</param>
/// <param name="Dropped">How many frames the kernel says that a TAP's queue had no room for, all of which were counted; −1 if that is not known.</param>
/// <param name="NamespaceIdentity">Which network namespace that is.</param>
/// <param name="Tunnels">A packet socket's: those of its <see cref="TunnelSender"/>; none if there is none.</param>
internal sealed record PortDescriptors(
    int Port, int Control, int Third, int Ring, int Inner, long Dropped, string NamespaceIdentity, IReadOnlyList<int> Tunnels)
{
    private const char Separator = ',';

    /// <summary>The descriptors, which have to stay open.</summary>
    public IEnumerable<int> All => ((int[])[Port, Control, Third, Ring, Inner, .. Tunnels]).Where(descriptor => descriptor >= 0);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static PortDescriptors Parse(string text)
    {
        string[] parts = text.Split(Separator);
        int[] numbers = [.. parts[..5].Select(Number)];
        return new PortDescriptors(
            numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], long.Parse(parts[5], CultureInfo.InvariantCulture), parts[6], [.. parts[7..].Select(Number)]);

        static int Number(string part) => int.Parse(part, CultureInfo.InvariantCulture);
    }

    /// <summary>The same where each descriptor has another number.</summary>
    /// <param name="numbers">The numbers now, by those before.</param>
    /// <exception cref="KeyNotFoundException">One has none.</exception>
    public PortDescriptors Renumbered(IReadOnlyDictionary<int, int> numbers)
    {
        return this with
        {
            Port = Now(Port), Control = Now(Control), Third = Now(Third), Ring = Now(Ring), Inner = Now(Inner), Tunnels = [.. Tunnels.Select(Now)],
        };

        int Now(int descriptor) => descriptor < 0 ? descriptor : numbers[descriptor];
    }

    /// <summary>The port's descriptor, which is this program's from here on.</summary>
    public SafeFileHandle TakePort() => Take(Port);

    /// <summary>The control socket, which is this program's from here on.</summary>
    public InterfaceControl TakeControl() => new(Take(Control), NamespaceIdentity);

    /// <summary>The third descriptor, which is this program's from here on; null if there is none.</summary>
    public SafeFileHandle? TakeThird() => Third < 0 ? null : Take(Third);

    /// <summary>The ring's socket, which is this program's from here on; null if there is none.</summary>
    public SafeFileHandle? TakeRing() => Ring < 0 ? null : Take(Ring);

    /// <summary>The inner end's socket, which is this program's from here on; null if there is none.</summary>
    public SafeFileHandle? TakeInner() => Inner < 0 ? null : Take(Inner);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Port}{Separator}{Control}{Separator}{Third}{Separator}{Ring}{Separator}{Inner}{Separator}{Dropped}{Separator}{NamespaceIdentity}")
        + string.Concat(Tunnels.Select(descriptor => $"{Separator}{descriptor}"));

    /// <summary>A descriptor that is this program's from here on.</summary>
    internal static SafeFileHandle Take(int descriptor)
    {
        // Programs that rules start are to hold no port.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC);
        return new SafeFileHandle(descriptor, ownsHandle: true);
    }
}
