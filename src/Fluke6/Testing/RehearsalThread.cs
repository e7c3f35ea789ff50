using Fluke6.Bridging;
using Fluke6.Engine;

namespace Fluke6.Command.Testing;

/// <summary>
/// Shows rules frames on a thread of its own, which a rule may not give back: whoever asked for it then goes on without that thread.
/// </summary>
internal static class RehearsalThread
{
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Makes a rehearsal and runs something with it.</summary>
    /// <param name="test">How the rehearsal is to be.</param>
    /// <param name="show">Shows it frames.</param>
    /// <returns>Null once that is done; or which rule did not return from where, a sentence.</returns>
    public static string? Run(TestCase test, Action<RuleRehearsal> show)
    {
        RuleRehearsal? rehearsal = null;
        var run = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                var options = new RehearsalOptions { LinkType = test.LinkType, Mtu = test.Mtu, Seed = test.Seed, Patience = test.Patience };
                var made = new RuleRehearsal(options);
                Volatile.Write(ref rehearsal, made);
                show(made);
                // Not in a finally block: a thread that was given up touches nothing on its way out.
                made.Dispose();
                run.SetResult();
            }
            // A rule's own exceptions are its faults; what comes here ends the command, or nobody waits for it any more.
            catch (Exception exception)
            {
                run.SetException(exception);
            }
        },
            RuleCall.Stack)
        { Name = "test", IsBackground = true };
        thread.Start();

        var watch = new HangWatch();
        while (Task.WaitAny([run.Task], s_lookInterval) < 0)
        {
            if (Volatile.Read(ref rehearsal) is { } made && made.Frames.Bridge.FindHung(ref watch, out (string Rule, string? At) hung))
            {
                return $"rule {hung.Rule} did not return within {test.Patience.TotalSeconds:0} s"
                    + (hung.At is null ? "" : $" at {hung.At}");
            }
        }

        run.Task.GetAwaiter().GetResult();
        return null;
    }
}
