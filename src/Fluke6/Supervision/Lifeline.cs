using System.ComponentModel;
using Fluke6.Engine;
using Fluke6.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Command.Supervision;

/// <summary>
/// What ties a bridge's process to one that outlives it and tells how it ended: to the parent that restarts it, or, where there is none, to
/// a witness, which is a shell that waits.
/// </summary>
internal sealed class Lifeline
{
    private const int PipeOfWitness = 3, PageOfWitness = 4;

    private readonly SharedPage _page;
    private readonly int _pipe;

    private Lifeline(SharedPage page, int pipe)
    {
        _page = page;
        _pipe = pipe;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (_page.Ending != Ending.Unsaid)
                return;

            _page.ExitStatus = Environment.ExitCode;
            _page.Ending = Ending.Exit;
        };
    }

    /// <summary>Where the bridge notes which rule it is in.</summary>
    public CrashRecord Record => _page.Record;

    /// <summary>Ties this process to whoever outlives it.</summary>
    /// <exception cref="CommandFailure">The parent has ended already.</exception>
    public static Lifeline Begin(Handover received)
    {
        if (received.Parent is not { } parent)
            return WithWitness();

        if (!Child.EndsWithParent(parent))
            throw new CommandFailure(ExitCode.Failed, "the process that started this bridge has ended");

        return new Lifeline(SharedPage.Open(received.Page!.Value), pipe: -1);
    }

    /// <summary>Notes what watchers changed about rules, for a bridge after this one.</summary>
    public void Note(RuleChanges changes)
    {
        _page.Changes = $"{changes}";
        changes.Changed = text => _page.Changes = text;
    }

    /// <summary>The bridge forwards.</summary>
    public void Ready() => _page.ReadyAt = Environment.TickCount64;

    /// <summary>Runs the bridge, and notes that it ended as it should, or in words.</summary>
    public int Run(Func<int> bridge)
    {
        var ending = Ending.Regular;
        try
        {
            return bridge();
        }
        catch (CommandFailure failure) when (failure.MayPass)
        {
            _page.LeftBehindBy = failure.LeftBehindBy;
            ending = failure.LeftBehindBy.Count > 0 ? Ending.Relieved : Ending.Broken;
            throw;
        }
        catch (Exception exception) when (exception is not CommandFailure)
        {
            ending = Ending.Unsaid;
            throw;
        }
        finally
        {
            if (ending != Ending.Unsaid)
                End(ending);
        }
    }

    private unsafe void End(Ending ending)
    {
        _page.Ending = ending;
        if (_pipe < 0)
            return;

        byte line = (byte)'\n';
        _ = write(_pipe, &line, 1);
    }

    private static unsafe Lifeline WithWitness()
    {
        SharedPage page;
        try
        {
            page = SharedPage.Create();
        }
        catch (Win32Exception)
        {
            // Nobody can tell which rule it was; all else goes on.
            return new Lifeline(SharedPage.CreateForNobody(), pipe: -1);
        }

        int* pipe = stackalloc int[2];
        if (pipe2(pipe, O_CLOEXEC) < 0)
            throw new Win32Exception(errno);

        int nothing;
        fixed (byte* path = "/dev/null\0"u8)
            nothing = open(path, O_RDWR | O_CLOEXEC);
        try
        {
            var handover = new Handover { IsWitness = true, Page = PageOfWitness };
            // Standard output is for reports, whose reader waits for its end.
            Handover.Start.StartAfterPipe($"{handover}", [(nothing, 0), (nothing, 1), (pipe[0], PipeOfWitness), (page.Descriptor, PageOfWitness)]);
        }
        catch (Win32Exception)
        {
            // Without a shell nobody tells which rule it was; all else goes on.
        }

        _ = close(nothing);
        _ = close(pipe[0]);
        return new Lifeline(page, pipe[1]);
    }
}
