using System.Net.Sockets;
using System.Text;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Command.Control;

/// <summary>Finds the bridge that a client means.</summary>
internal static class ControlTarget
{
    /// <summary>Whether a client's first word is a socket rather than a rule or a file to write.</summary>
    public static bool IsPath(string word) => word.EndsWith(ControlPath.Extension, StringComparison.Ordinal) || IsSocket(word);

    /// <summary>Whether there is a socket at a path.</summary>
    public static unsafe bool IsSocket(string path)
    {
        stat status;
        fixed (byte* octets = Encoding.UTF8.GetBytes(path + '\0'))
            return LibC.stat(octets, &status) == 0 && (status.st_mode & S_IFMT) == S_IFSOCK;
    }

    /// <summary>Connects to the bridge at a path, or to the only one that runs.</summary>
    /// <param name="path">The path; null for the only one.</param>
    /// <param name="found">Its path.</param>
    /// <exception cref="CommandFailure">There is none, or there are several, or it may not be controlled.</exception>
    public static Socket Connect(string? path, out string found)
    {
        if (path is not null)
        {
            found = Path.GetFullPath(path);
            return TryConnect(found, out SocketException? trouble) ?? throw Failure(found, trouble!);
        }

        List<(Socket Socket, string Path)> live = [];
        (string Path, SocketException Trouble)? forbidden = null;
        foreach (string candidate in ControlPath.All())
        {
            if (TryConnect(candidate, out SocketException? trouble) is { } socket)
                live.Add((socket, candidate));
            else if (trouble!.SocketErrorCode == SocketError.AccessDenied)
                forbidden = (candidate, trouble);
        }

        if (live is [var only])
        {
            found = only.Path;
            return only.Socket;
        }

        live.ForEach(one => one.Socket.Dispose());
        if (live.Count > 1)
            throw new CommandFailure(ExitCode.Usage, $"{live.Count} bridges run: name one of {string.Join(", ", live.Select(one => one.Path))}");

        throw forbidden is { } refused ? Failure(refused.Path, refused.Trouble)
            : new CommandFailure(ExitCode.Failed, $"no bridge runs that has a socket in {string.Join(" or ", ControlPath.Folders)}: start one, or name its socket");
    }

    /// <summary>Connects; null if that is not possible now.</summary>
    public static Socket? TryConnect(string path, out SocketException? trouble)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            trouble = null;
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            trouble = exception;
            return null;
        }
    }

    private static CommandFailure Failure(string path, SocketException trouble) => trouble.SocketErrorCode switch
    {
        SocketError.AccessDenied => new CommandFailure(ExitCode.NoPermission, $"{path} is another user's bridge: run this as that user or as root"),
        SocketError.ConnectionRefused => new CommandFailure(ExitCode.Failed, $"the bridge of {path} has ended"),
        _ => new CommandFailure(ExitCode.Failed, $"no bridge is controlled by {path}: {trouble.Message.TrimEnd('.')}"),
    };
}
