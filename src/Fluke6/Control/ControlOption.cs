using System.CommandLine;
using System.Text;
using Fluke6.Command.Streams;

namespace Fluke6.Command.Control;

/// <summary><c>--control</c>: where a bridge, or a lab, has its control socket.</summary>
internal static class ControlOption
{
    /// <summary>The option.</summary>
    /// <param name="name">What the socket is called without it.</param>
    public static Option<string?> Make(string name)
    {
        var option = new Option<string?>("--control")
        {
            Description = "The Unix socket that 'fluke6 attach', status and their like reach the bridge by; only you and root may. Without it, "
                + $"{name}.sock in $XDG_RUNTIME_DIR/fluke6 or /run/fluke6; none makes none.",
            HelpName = "PATH|none",
        };
        option.Validators.Add(result =>
        {
            string path = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            if (path.Length == 0 || Directory.Exists(path) || Encoding.UTF8.GetByteCount(Path.GetFullPath(path)) > ControlPath.MaxLength)
                result.AddError($"'--control {path}' is no path for a socket: name a file of at most {ControlPath.MaxLength} bytes, or none");
        });
        return option;
    }

    /// <summary>Makes the socket.</summary>
    /// <param name="control">What the user asked for; null for the usual place.</param>
    /// <param name="name">Its name there.</param>
    /// <returns>Null for none: the user wants none, or a warning said why there is none.</returns>
    /// <exception cref="CommandFailure">It cannot be made where the user wants it.</exception>
    public static ControlListener? Open(string? control, string name)
    {
        if (control == ControlPath.None)
            return null;
        if (control is not null)
            return ControlListener.OpenAt(control);

        var listener = ControlListener.TryOpenIn(ControlPath.Folder, name, out string? trouble);
        if (listener is null)
            StandardStreams.Error.WriteLine($"fluke6: warning: nobody can attach: no socket in {ControlPath.Folder}: {trouble}; --control names another path, or none");
        return listener;
    }
}
