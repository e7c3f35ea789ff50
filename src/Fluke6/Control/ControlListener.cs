using System.Globalization;
using System.Net.Sockets;
using static Tmds.Linux.LibC;

namespace Fluke6.Command.Control;

/// <summary>
/// A bridge's control socket: made before the bridge gives up rights, handed over from program to program as the ports are, and removed by the last.
/// </summary>
internal sealed class ControlListener : IDisposable
{
    private const int Backlog = 128;
    private const int MostOfOneName = 99;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = OwnerOnly | UnixFileMode.UserExecute;
    private const UnixFileMode SystemFolder = OwnerFolder | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private ControlListener(Socket socket, string path)
    {
        Socket = socket;
        Path = path;
        socket.Blocking = false;
    }

    /// <summary>The socket, which listens.</summary>
    public Socket Socket { get; }

    /// <summary>Its place in the file system.</summary>
    public string Path { get; }

    /// <summary>What another program has to inherit.</summary>
    public int Descriptor => (int)Socket.SafeHandle.DangerousGetHandle();

    /// <summary>Tells another program how to go on with the socket, if it inherits <see cref="Descriptor"/>.</summary>
    public string Handover => string.Create(CultureInfo.InvariantCulture, $"{Descriptor}:{Path}");

    /// <summary>Goes on with a socket that another program made.</summary>
    public static ControlListener Adopt(string handover)
    {
        int colon = handover.IndexOf(':');
        int descriptor = int.Parse(handover.AsSpan(0, colon), CultureInfo.InvariantCulture);
        return new ControlListener(new Socket(new SafeSocketHandle(descriptor, ownsHandle: true)), handover[(colon + 1)..]);
    }

    /// <summary>A <see cref="Handover"/> where the descriptor has another number.</summary>
    public static string Renumbered(string handover, IReadOnlyDictionary<int, int> numbers)
    {
        int colon = handover.IndexOf(':');
        return string.Create(CultureInfo.InvariantCulture, $"{numbers[int.Parse(handover.AsSpan(0, colon), CultureInfo.InvariantCulture)]}{handover[colon..]}");
    }

    /// <summary>Makes the socket that the user asked for.</summary>
    /// <exception cref="CommandFailure">It cannot be made there; the message says what to do.</exception>
    public static ControlListener OpenAt(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        try
        {
            return TryOpen(path) ?? throw new CommandFailure(
                ExitCode.Failed, $"another bridge is controlled by {path}: name another path with --control, or end that one with 'fluke6 stop {path}'");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException)
        {
            bool forbidden = exception is UnauthorizedAccessException or SocketException { SocketErrorCode: SocketError.AccessDenied };
            throw new CommandFailure(forbidden ? ExitCode.NoPermission : ExitCode.Failed, $"no control socket at {path}: {InWords(exception)}; name another path with --control, or none");
        }
    }

    /// <summary>Makes a socket in the folder of all bridges, from which it takes the sockets of those that were killed.</summary>
    /// <param name="folder">The folder: <see cref="ControlPath.Folder"/>.</param>
    /// <param name="name">Its name; where another bridge has it, a number is added.</param>
    /// <param name="trouble">Why there is none; null if there is one.</param>
    public static ControlListener? TryOpenIn(string folder, string name, out string? trouble)
    {
        try
        {
            // Of the system's folder others may list the bridges; the sockets in it are their owners'.
            Directory.CreateDirectory(folder, folder == ControlPath.Folders[^1] ? SystemFolder : OwnerFolder);
            RemoveDead(folder);
            for (int number = 1; number <= MostOfOneName; number++)
            {
                if (TryOpen(System.IO.Path.Combine(folder, $"{name}{(number == 1 ? "" : $"-{number}")}{ControlPath.Extension}")) is not { } listener)
                    continue;

                trouble = null;
                return listener;
            }

            trouble = $"{folder} has {MostOfOneName} bridges of the name {name} already";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException)
        {
            trouble = InWords(exception);
        }

        return null;
    }

    /// <summary>Closes the socket and takes it out of the file system. For the last program that has it.</summary>
    public void Remove()
    {
        try
        {
            // Or another bridge could make its own between the two: .NET, too, deletes the file of a socket that it closes.
            using FolderLock folder = FolderLock.Take(System.IO.Path.GetDirectoryName(Path)!);
            File.Delete(Path);
            Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Streams.StandardStreams.Error.WriteLine($"fluke6: warning: {Path} stays: {exception.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();

    /// <returns>Null if another bridge listens there.</returns>
    private static ControlListener? TryOpen(string path)
    {
        var address = new UnixDomainSocketEndPoint(path);
        // One at a time: two bridges that start together must not take each other's for a dead one's.
        using FolderLock folder = FolderLock.Take(System.IO.Path.GetDirectoryName(path)!);
        if (!TryRemoveStale(path, address))
            return null;

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(address);
            // Until it listens, nobody connects.
            File.SetUnixFileMode(path, OwnerOnly);
            socket.Listen(Backlog);
            return new ControlListener(socket, path);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Nobody else would.
    private static void RemoveDead(string folder)
    {
        using FolderLock held = FolderLock.Take(folder);
        foreach (string path in Directory.GetFiles(folder, $"*{ControlPath.Extension}"))
        {
            try
            {
                _ = TryRemoveStale(path, new UnixDomainSocketEndPoint(path));
            }
            // Another user's, no socket, or of a name that no bridge gives: it stays.
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SocketException or ArgumentException)
            {
            }
        }
    }

    /// <returns>False if somebody listens there.</returns>
    private static bool TryRemoveStale(string path, UnixDomainSocketEndPoint address)
    {
        if (!System.IO.Path.Exists(path))
            return true;
        if (!ControlTarget.IsSocket(path))
            throw new IOException("there is a file that is no socket");

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            probe.Connect(address);
            return false;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return true;
        }
        // It listens, and has no room for now.
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
        {
            return false;
        }
    }

    private static string InWords(Exception exception) => exception.Message.TrimEnd('.').ReplaceLineEndings(" ");
}
