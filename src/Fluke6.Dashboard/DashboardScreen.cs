using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Fluke6.Bridging;
using Fluke6.Dashboard.Model;
using Fluke6.Dashboard.Terminals;
using Fluke6.Dashboard.Views;
using Terminal.Gui.App;

namespace Fluke6.Dashboard;

/// <summary>The dashboard on the terminal, from its opening until the user quits, the bridge ends or somebody asks to stop.</summary>
public static class DashboardScreen
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether standard input and output are a terminal that can show a screen.</summary>
    public static bool IsPossible =>
        !Console.IsInputRedirected && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>Shows the screen. It alone reads the bridge's journal meanwhile; the terminal is as before when this returns.</summary>
    /// <param name="bridge">A bridge that was started.</param>
    /// <param name="rules">Loads its rules.</param>
    /// <param name="options">Further facts to show.</param>
    /// <param name="stop">Closes the screen.</param>
    public static void Run(Bridge bridge, IRuleControl rules, DashboardOptions options, CancellationToken stop)
    {
        var terminal = new TerminalState();
        using var close = CancellationTokenSource.CreateLinkedTokenSource(stop);
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                ShowUntilQuit(bridge, rules, options, terminal, close.Token);
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        {
            IsBackground = true,
            Name = "dashboard",
        };
        bool ending = false;
        // A rule's script is a program like any other, and may end this one: by an exception on a thread of its own, for instance.
        void EndOfProcess(object? sender, EventArgs arguments)
        {
            Volatile.Write(ref ending, true);
            close.Cancel();
            if (!thread.Join(s_patience))
                terminal.Leave();
        }

        // Its sender wants the system's default action, but no spoiled terminal.
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, _ => EndOfProcess(null, EventArgs.Empty));
        thread.Start();
        AppDomain.CurrentDomain.UnhandledException += EndOfProcess;
        AppDomain.CurrentDomain.ProcessExit += EndOfProcess;
        try
        {
            // A terminal that went away keeps the library reading from it for ever; the bridge must end all the same.
            while (!thread.Join(BridgeWatch.Interval))
            {
                if (stop.IsCancellationRequested && !thread.Join(s_patience))
                {
                    terminal.Leave();
                    return;
                }
            }

            // Whoever ends the process has its own exit status.
            if (Volatile.Read(ref ending))
                Thread.Sleep(System.Threading.Timeout.Infinite);
        }
        finally
        {
            AppDomain.CurrentDomain.UnhandledException -= EndOfProcess;
            AppDomain.CurrentDomain.ProcessExit -= EndOfProcess;
        }

        failure?.Throw();
    }

    private static void ShowUntilQuit(
        Bridge bridge, IRuleControl rules, DashboardOptions options, TerminalState terminal, CancellationToken stop)
    {
        var watch = new BridgeWatch(bridge, rules, options);
        // To stop this process means to stop the traffic.
#pragma warning disable CA1416  // no such signal on Windows, where nothing of this runs
        using var suspend = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context =>
        {
            context.Cancel = true;
            watch.RefuseToSuspend();
        });
#pragma warning restore CA1416
        var state = new ViewState();
        while (Show(watch, state, terminal, stop) is { } program)
            state.Message = program.Run(terminal, watch.Poll, stop);
    }

    /// <summary>One stay on the screen.</summary>
    /// <returns>The program that is to have the terminal meanwhile; null if the screen is to stay closed.</returns>
    private static TerminalProgram? Show(BridgeWatch watch, ViewState state, TerminalState terminal, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            return null;

        try
        {
            return Stay(watch, state, stop);
        }
        finally
        {
            terminal.Restore();
        }
    }

    private static TerminalProgram? Stay(BridgeWatch watch, ViewState state, CancellationToken stop)
    {
        using IApplication application = Application.Create();
        application.Init();
        TypedInput.Attach(application);
        // The terminal's own sixteen colours are readable on its own background, whichever that is.
        application.Driver!.Force16Colors = true;
        using var window = new DashboardWindow(watch, state);
        application.AddTimeout(BridgeWatch.Interval, () =>
        {
            if (stop.IsCancellationRequested || watch.HasEnded)
                window.RequestStop();
            watch.Poll();
            window.ShowLatest();
            return true;
        });
        using CancellationTokenRegistration registration = stop.Register(() => application.Invoke(window.RequestStop));
        application.Run(window);
        return window.Next;
    }
}
