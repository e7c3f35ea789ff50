using System.Diagnostics;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Fluke6.Engine;

namespace Fluke6.Scripting;

/// <summary>
/// Makes an exception that a rule's own thread, timer, task or <c>async void</c> let go a fault of that rule. Without this it ends the
/// process or, of a task, is never heard of. For the whole process, once.
/// </summary>
internal static class StrayExceptions
{
    // A task's exception is known to be nobody's when the collector finds the task, which on a quiet bridge may take hours.
    private static readonly TimeSpan s_collectAfter = TimeSpan.FromMilliseconds(500);
    // A collection of everything is a pause that frames notice, so there is one at most in this time.
    private static readonly TimeSpan s_betweenFull = TimeSpan.FromSeconds(10);
    private static readonly WeakReference<Exception?> s_lastThrown = new(null);
    private static Timer? s_collect;
    private static long s_lastFull;
    private static int s_isInstalled;
    private static int s_collectionIsDue;

    /// <summary>Begins to watch. Another call does nothing.</summary>
    public static void Install()
    {
        if (Interlocked.Exchange(ref s_isInstalled, 1) != 0)
            return;

        s_collect = new Timer(Collect);
        ExceptionHandling.SetUnhandledExceptionHandler(TryBlame);
        TaskScheduler.UnobservedTaskException += (_, unobserved) =>
        {
            if (TryBlame(unobserved.Exception.InnerExceptions.Count == 1 ? unobserved.Exception.InnerException! : unobserved.Exception))
                unobserved.SetObserved();
        };
        AppDomain.CurrentDomain.FirstChanceException += NoticeTask;
    }

    private static bool TryBlame(Exception exception)
    {
        if (ScriptOrigin.Of(exception) is not { } rule)
            return false;

        // What ends the threads of a version that was taken out is no news.
        if (!(rule is RuleInstance { Position.IsEnded: true } && exception is NullReferenceException))
            rule.Fault(exception);
        return true;
    }

    private static void NoticeTask(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        // The bridge's thread and the dashboard's are neither the pool's nor a task's; where rules throw on those, it costs them nothing.
        if (!Thread.CurrentThread.IsThreadPoolThread && Task.CurrentId is null)
            return;
        if (ScriptOrigin.OfCaller(out MethodBase? method) is not RuleInstance rule)
            return;

        rule.Position.Note(thrown.Exception, method!);
        s_lastThrown.SetTarget(thrown.Exception);
        if (Interlocked.Exchange(ref s_collectionIsDue, 1) == 0)
            s_collect!.Change(s_collectAfter, Timeout.InfiniteTimeSpan);
    }

    private static void Collect(object? state)
    {
        Volatile.Write(ref s_collectionIsDue, 0);
        // The young are enough: a pause of the bridge's thread that no queue notices. Finalizers are not waited for: a rule's may hang.
        GC.Collect(generation: 1, GCCollectionMode.Forced, blocking: true);
        if (!s_lastThrown.TryGetTarget(out _))
            return;

        // Somebody has it still, or its task lived through other collections before it threw and counts as old.
        if (s_lastFull != 0 && Stopwatch.GetElapsedTime(s_lastFull) < s_betweenFull)
        {
            s_collect!.Change(s_betweenFull, Timeout.InfiniteTimeSpan);
            return;
        }

        s_lastFull = Stopwatch.GetTimestamp();
        s_lastThrown.SetTarget(null);
        GC.Collect();
    }
}
