using Fluke6.Captures;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Scripting;

/// <summary>
/// A pcapng file of the frames that a rule puts into it: <c>var seen = CaptureTo("seen.pcapng");</c> and then <c>seen.Add(ref frame);</c>. Made by
/// <see cref="RuleGlobals.CaptureTo"/>.
/// </summary>
/// <remarks>
/// Traffic never waits for the file: what comes faster than it is written is left out, and counted. Reloads of the rule go on with the same file; it is
/// closed when the rule ends. Only its owner may read a new file; one that is there is overwritten; a symbolic link is refused. A full disk ends the
/// capture, which the log says, and not the rule.
/// </remarks>
public sealed class RuleCapture
{
    private readonly RuleCaptureFile _file;
    private bool _isUsed;

    internal RuleCapture(RuleInstance rule, string path, long maxBytes)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBytes, 1);
        string full = Path.GetFullPath(path);
        if (!Directory.Exists(Path.GetDirectoryName(full)) || Directory.Exists(full))
            throw new ArgumentException($"CaptureTo: there is no folder for {full}, or it is one: name a file in a folder that is there");

        _file = rule.Keep($"capture {full}", () => Create(full, rule.Services, rule.Name));
        _file.MaxBytes = maxBytes;
        rule.AtExit(() =>
        {
            _file.EndAndWait();
            rule.Log($"{full} has {Written:N0} packet(s), {Lost:N0} are missing");
        });
        rule.Ended += Leave;
    }

    /// <summary>Packets in the file. Any thread.</summary>
    public long Written => _file.Written;

    /// <summary>Packets that are not in the file: they came faster than it takes them, it is full, or could not be written. Any thread.</summary>
    public long Lost => _file.Lost;

    /// <summary>Why nothing more is written, such as a full disk; null while all is well. Any thread.</summary>
    public string? Failure => _file.Failure;

    /// <summary>Puts a frame into the file, as it is now: after the rules before this one. Of a frame in a tunnel, the whole frame.</summary>
    /// <returns>False if it is not in the file, which is counted.</returns>
    public bool Add(ref readonly Frame frame)
    {
        if (!_isUsed)
        {
            _isUsed = true;
            _file.Users++;
        }

        return _file.Add(frame.Buffer.Outermost);
    }

    // It outlives this version of the rule, which nothing of it may hold.
    private static RuleCaptureFile Create(string path, RuleServices services, string name) => new(
        path, services.RuleNames, text => services.Journal.Add(new LogNote(name, text)), waits: services.Clock is WorkerClock);

    // The version that took its place may not write to the file any more.
    private void Leave()
    {
        if (_isUsed && --_file.Users == 0)
            _file.End();
    }
}
