using System.Diagnostics;
using System.Runtime.InteropServices;
using Fluke6.Dashboard.Model;
using Fluke6.Dashboard.Terminals;
using Fluke6.Dashboard.Views;
using Fluke6.Snapshots;
using Terminal.Gui.App;

namespace Fluke6.Dashboard;

/// <summary>The dashboard on the terminal, from its opening until the user quits, the bridge ends or somebody asks to stop.</summary>
internal static class DashboardScreen
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether standard input and output are a terminal that can show a screen.</summary>
    public static bool IsPossible =>
        !Console.IsInputRedirected && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    /// <summary>
    /// Shows the screen; the terminal is as before when this returns. A fault of its own is
    /// told, and the screen is opened anew, unless that happens again and again.
    /// </summary>
    /// <param name="bridge">The bridge.</param>
    /// <param name="options">Further facts to show.</param>
    /// <param name="stop">Closes the screen.</param>
    /// <returns>The fault that closed it, in words; null if the user or <paramref name="stop"/> did.</returns>
    public static string? Run(IWatchedBridge bridge, DashboardOptions options, CancellationToken stop)
    {
        var terminal = new TerminalState();
        using var close = CancellationTokenSource.CreateLinkedTokenSource(stop);
        string? failure = null;
        var thread = new Thread(() => failure = ShowUntilQuit(bridge, options, terminal, close.Token))
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
                    return null;
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

        return failure;
    }

    private static string? ShowUntilQuit(IWatchedBridge bridge, DashboardOptions options, TerminalState terminal, CancellationToken stop)
    {
        var watch = new BridgeWatch(bridge, options);
        // To stop this process means to stop the traffic.
#pragma warning disable CA1416  // no such signal on Windows, where nothing of this runs
        using var suspend = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, context =>
        {
            context.Cancel = true;
            watch.RefuseToSuspend();
        });
#pragma warning restore CA1416
        var state = new ViewState();
        var failures = new ScreenFailures();
        while (true)
        {
            try
            {
                if (Show(watch, state, terminal, stop) is not { } program)
                    return null;

                state.Message = program.Run(terminal, watch.Poll, stop);
            }
            catch (Exception exception)
            {
                // The traffic does not end with what shows it.
                string what = ScreenFailures.Describe(exception);
                if (!failures.MayOpenAgain(Stopwatch.GetTimestamp()))
                    return what;

                watch.Log.Add(new LogEvent
                {
                    Time = DateTime.UtcNow, Rule = "dashboard", Message = $"it failed and was opened anew, please report this: {what}"
                });
            }
        }
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
