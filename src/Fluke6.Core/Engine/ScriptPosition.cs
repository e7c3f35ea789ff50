using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Fluke6.Journal;

namespace Fluke6.Engine;

/// <summary>
/// Which statement one version of a rule's script is at. The compiled script stores the statement's number into a cell before each
/// statement, because the just-in-time compiler's own map from code to lines is wrong for optimised code. May be read from any thread,
/// while the rule runs or hangs.
/// </summary>
/// <remarks>
/// The cell holds the last statement of all, and of each method. Threads share it: a task that the rule runs at the same moment writes to
/// it, too. <see cref="Locate"/> therefore asks the exception's stack trace, which is right about methods, in which method to look.
/// </remarks>
internal sealed class ScriptPosition
{
    // Of exceptions that went through a script on another thread than the worker's, which may be told of long afterwards.
    private static readonly ConditionalWeakTable<Exception, Origin> s_origins = [];
    private Guid _module;
    private IReadOnlyList<ScriptPoint> _points = [];
    private IReadOnlyList<ScriptCall> _calls = [];
    private ScriptCell? _cell;

    /// <summary>File and line of the statement that is running, or ran last, such as <c>10-x.csx:12</c>; null if none ran yet.</summary>
    public string? Current => Point?.ToString();

    /// <summary>The statement that is running, or ran last; null if none ran yet.</summary>
    public ScriptPoint? Point => At(0);

    /// <summary>By which another process finds it in a <see cref="CrashRecord"/>; null if none does.</summary>
    public int? Block => Volatile.Read(ref _cell)?.Block;

    /// <summary>Whether <see cref="End"/> was called.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Says which statements the numbers from 1 on stand for.</summary>
    /// <param name="module">The script's module, by its version's identifier.</param>
    /// <param name="points">The statements.</param>
    /// <param name="methods">How many methods they belong to.</param>
    /// <param name="calls">Which methods call those that may be compiled into their callers.</param>
    /// <param name="record">Where another process sees them, too; null if none is to.</param>
    /// <returns>Where the script's code is to store. As long as a thread may be in that code, someone has to hold it.</returns>
    public ScriptCell Follow(
        Guid module, IReadOnlyList<ScriptPoint> points, int methods, IReadOnlyList<ScriptCall> calls, CrashRecord? record = null)
    {
        var cell = new ScriptCell(points, methods, record?.Positions);
        _module = module;
        _points = points;
        _calls = calls;
        Volatile.Write(ref _cell, cell);
        return cell;
    }

    /// <summary>
    /// Ends the script wherever it runs, on every thread: the next statement that one of them comes to throws a
    /// <see cref="NullReferenceException"/>, and so does each after it, in handlers too. For a version that was taken out and hangs; nothing
    /// of it can run any more. A thread that waits in the kernel, or loops in code that is not the script's, ends once it is back.
    /// </summary>
    public void End()
    {
        IsEnded = true;
        Volatile.Read(ref _cell)?.Clear();
    }

    /// <summary>Notes where the script is, for an exception that is being thrown on the calling thread.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="method">The innermost method of the script on the thread's stack.</param>
    public void Note(Exception exception, MethodBase method)
    {
        // Thrown again, as by an await, it keeps its line.
        if (LastOf(method) is { } point)
            s_origins.TryAdd(exception, new Origin(point));
    }

    /// <summary>The line of an exception that nobody caught on a thread of the rule's is the one that was noted when it was thrown.</summary>
    public static void KeepOrigin(Exception exception)
    {
        foreach (Exception nested in NestedExceptions.Of(exception))
        {
            if (s_origins.TryGetValue(nested, out Origin? origin))
                origin.IsKept = true;
        }
    }

    /// <summary>Where in a script an exception came from.</summary>
    /// <param name="exception">One that was just caught.</param>
    /// <param name="position">The position of the rule that it came from; null if not known.</param>
    /// <returns>Null if no script had a part in it.</returns>
    public static ScriptPoint? Locate(Exception exception, ScriptPosition? position)
    {
        // Of what was thrown elsewhere, as within Parallel.For, it is the first cause that names the line.
        List<Exception> causes = [exception];
        while (causes[^1] is AggregateException { InnerException: { } inner } && causes.Count < NestedExceptions.Limit)
            causes.Add(inner);
        for (int i = causes.Count - 1; i >= 0; i--)
        {
            if (LocateOne(causes[i], position) is { } point)
                return point;
        }

        return null;
    }

    private static ScriptPoint? LocateOne(Exception exception, ScriptPosition? position)
    {
        if (s_origins.TryGetValue(exception, out Origin? origin) && origin.IsKept)
            return origin.Point;

        foreach (StackFrame frame in new StackTrace(exception, fNeedFileInfo: false).GetFrames())
        {
            if (frame.GetMethod() is { } method && position?.LastOf(method) is { } last)
                return last;
        }

        // Without a position, or for an assembly that was compiled from scripts elsewhere.
        foreach (StackFrame frame in new StackTrace(exception, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetFileName() is { } file && file.EndsWith(RuleFault.ScriptExtension, StringComparison.Ordinal))
                return new ScriptPoint(file, frame.GetFileLineNumber(), Math.Max(1, frame.GetFileColumnNumber()), Method: 0, Slot: 0, Inlined: false);
        }

        return null;
    }

    // Null for a method that is not the script's. The trace's line would be no help: it may name none, or a wrong one.
    private ScriptPoint? LastOf(MethodBase method)
    {
        if (method.Module.ModuleVersionId != _module)
            return null;

        // An inlined method has no frame of its own; what called it has. Another thread may have run one, too.
        if (Point is { } last && (last.Method == method.MetadataToken || (last.Inlined && MayHold(method.MetadataToken, last.Method))))
            return last;

        foreach (ScriptPoint point in _points)
        {
            if (point.Method == method.MetadataToken)
                return At(1 + point.Slot);
        }

        return null;
    }

    // Whether the inlined method may be compiled into the other one, by way of others that are inlined.
    private bool MayHold(int method, int inlined)
    {
        var held = new HashSet<int> { method };
        bool grew = true;
        while (grew && !held.Contains(inlined))
        {
            grew = false;
            foreach (ScriptCall call in _calls)
                grew |= held.Contains(call.Caller) && held.Add(call.Callee);
        }

        return held.Contains(inlined);
    }

    private ScriptPoint? At(int index)
    {
        int number = Volatile.Read(ref _cell)?[index] ?? 0;
        return number > 0 ? _points[number - 1] : null;
    }

    private sealed class Origin(ScriptPoint point)
    {
        public ScriptPoint Point { get; } = point;

        public bool IsKept { get; set; }
    }
}
