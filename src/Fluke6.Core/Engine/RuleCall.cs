using System.Runtime.CompilerServices;

namespace Fluke6.Engine;

/// <summary>
/// Which rule a worker's thread is in, as the watchdog sees it, and the agreement by which the watchdog takes the worker away from a thread
/// that a rule does not give back. One object for each thread.
/// </summary>
/// <remarks>
/// <para>The thread is never aborted: .NET's abort ends the process when it meets the allocator. It is left where it is, and whatever it
/// calls of the engine, and its return from the rule, tell it that its time is over.</para>
/// <para>The frame path pays two plain stores and one load for each rule. The order between them and the watchdog's own is the watchdog's to
/// pay for, with a barrier across the whole process.</para>
/// </remarks>
internal sealed unsafe class RuleCall(CrashRecord.Slot slot)
{
    /// <summary>
    /// The stack of a thread that runs rules, in bytes, whatever <c>ulimit -s</c> says: room for all that a rule nests, and so little that
    /// an endless recursion, which .NET unwinds frame by frame, does not keep traffic waiting for seconds. As much as Windows gives, and
    /// less than a quarter of Linux's usual 8 MiB: glibc hands out the whole stack of a thread that ended if that is four times as large.
    /// </summary>
    public const int Stack = 3 << 19;

    private const int InAction = CrashRecord.InAction;
    private static readonly TimeSpan BusyPatience = TimeSpan.FromMilliseconds(50);

    private readonly int _thread = Environment.CurrentManagedThreadId;
    // In the record's memory, where it outlives the process that a rule ends.
    private readonly int* _position = slot.Position;
    private RuleChain _chain = RuleChain.Empty;
    private RuleEntry? _actor;
    private long _number;       // of the frame or action at hand
    private bool _busy;         // the rule called the engine, which is not done yet
    private long _givenUp;      // 0; or the token of a call that is being given up; or its complement, once the worker is another thread's

    /// <summary>A thread of which no other process is to know.</summary>
    public RuleCall()
        : this(CrashRecord.Slot.Unshared())
    {
    }

    /// <summary>That of the calling thread; null where it is no worker's.</summary>
    [field: ThreadStatic]
    public static RuleCall? OfThisThread { get; set; }

    /// <summary>Whether the calling thread is the one that this belongs to.</summary>
    public bool IsOfThisThread => _thread == Environment.CurrentManagedThreadId;

    /// <summary>How many frames and actions there were. Any thread.</summary>
    public long Number => Volatile.Read(ref _number);

    /// <summary>The position in the chain of the rule that is being asked or was asked last.</summary>
    public int Position => *_position < 0 ? ~*_position : *_position;

    /// <summary>Whether the worker is another thread's by now.</summary>
    public bool IsTaken => Volatile.Read(ref _givenUp) < 0;

    /// <summary>The call that the thread is in: changes with each call, 0 while it is in the engine. Any thread.</summary>
    public long Token
    {
        get
        {
            long number = Volatile.Read(ref _number);
            int position = Volatile.Read(ref *_position);
            return position >= 0 && number == Volatile.Read(ref _number) ? TokenOf(number, position) : 0;
        }
    }

    /// <summary>The rule that the thread is in; null while it is in the engine. Any thread; exact while <see cref="Token"/> stays as it is.</summary>
    public RuleEntry? RunningRule
    {
        get
        {
            int position = Volatile.Read(ref *_position);
            return position switch
            {
                < 0 => null,
                InAction => Volatile.Read(ref _actor),
                _ => Volatile.Read(ref _chain).RuleAt(position),
            };
        }
    }

    /// <summary>Whether the thread is in a timer, a posted action or an exit of a rule, not at a frame that arrived. Any thread.</summary>
    public bool IsInAction => Volatile.Read(ref _actor) is not null;

    /// <summary>The chain whose positions are meant from here on.</summary>
    public RuleChain Chain
    {
        get => _chain;
        set => Volatile.Write(ref _chain, value);
    }

    /// <summary>The next frame is about to enter the chain.</summary>
    public void BeginFrame() => _number++;

    /// <summary>The next frame is about to enter a chain of one rule alone, within an action of that rule.</summary>
    public void SetAlone(RuleEntry rule) => slot.SetAlone(rule.Place);

    /// <summary>The rule at a position is about to be called.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(int position) => Volatile.Write(ref *_position, position);

    /// <summary>The rule at a position gave the thread back, by returning or by an exception.</summary>
    /// <exception cref="RuleOverranException">So late that the watchdog had given it up.</exception>
    /// <exception cref="LeftBehindException">So late that another thread goes on without it: nothing may be touched any more.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Leave(int position)
    {
        Volatile.Write(ref *_position, ~position);
        if (Volatile.Read(ref _givenUp) != 0)
            Settle(position);
    }

    /// <summary>An action of a rule, such as a timer's, is about to be called.</summary>
    /// <returns>The action that this one runs within; to be handed to <see cref="LeaveAction"/>.</returns>
    public Outer EnterAction(RuleEntry actor)
    {
        var outer = new Outer(_actor, *_position);
        _number++;
        Volatile.Write(ref _actor, actor);
        slot.SetActor(actor.Place);
        Volatile.Write(ref *_position, InAction);
        return outer;
    }

    /// <summary>The action gave the thread back. Throws as <see cref="Leave"/> does.</summary>
    public void LeaveAction(Outer outer)
    {
        try
        {
            Leave(InAction);
        }
        finally
        {
            if (!IsTaken)
            {
                // Another number: the watchdog must not take the rest of the outer action for one with the inner.
                _number++;
                Volatile.Write(ref _actor, outer.Actor);
                slot.SetActor(outer.Actor?.Place ?? CrashRecord.InNoRule);
                Volatile.Write(ref *_position, outer.Position);
            }
        }
    }

    /// <summary>A rule calls the engine: until <see cref="EndEngineCall"/>, the watchdog waits before it takes the worker away.</summary>
    /// <exception cref="RuleOverranException">The rule takes too long; this ends it.</exception>
    /// <exception cref="LeftBehindException">The rule took too long and another thread goes on without it.</exception>
    public void BeginEngineCall()
    {
        Volatile.Write(ref _busy, true);
        long givenUp = Volatile.Read(ref _givenUp);
        if (givenUp != 0)
            RefuseIfGivenUp(givenUp);
    }

    /// <summary>The call into the engine is done.</summary>
    public void EndEngineCall() => Volatile.Write(ref _busy, false);

    /// <summary>Takes the worker away from the thread, which is in a call that has gone on for too long. Watchdog's thread.</summary>
    /// <param name="token">The call.</param>
    /// <returns>False if the thread came back meanwhile, or will at once: the engine then says itself that the rule overran.</returns>
    public bool GiveUp(long token)
    {
        Volatile.Write(ref _givenUp, token);
        // From here on, either the thread sees the token when it leaves the rule or calls the engine, or this thread sees that it has.
        Interlocked.MemoryBarrierProcessWide();

        long start = Environment.TickCount64;
        while (Volatile.Read(ref _busy) && Token == token && Environment.TickCount64 - start < BusyPatience.TotalMilliseconds)
            Thread.Yield();
        if (!Volatile.Read(ref _busy) && Token == token && Interlocked.CompareExchange(ref _givenUp, ~token, token) == token)
            return true;

        // The thread may have settled it already.
        Interlocked.CompareExchange(ref _givenUp, 0, token);
        return false;
    }

    private static long TokenOf(long number, int position) => (number << 16) | (uint)(position + 1);

    private void RefuseIfGivenUp(long givenUp)
    {
        // An earlier call's token is about to be cleared; the watchdog sees that this one is busy before it gives this one up.
        if (givenUp >= 0 && givenUp != Token)
            return;

        Volatile.Write(ref _busy, false);
        // Not settled here: the exception passes through the rule, which may catch it and go on.
        throw givenUp < 0 ? new LeftBehindException() : new RuleOverranException();
    }

    private void Settle(int position)
    {
        if (IsTaken)
            throw new LeftBehindException();

        long token = TokenOf(_number, position);
        long seen = Interlocked.CompareExchange(ref _givenUp, 0, token);
        if (seen == token)
            throw new RuleOverranException();
        if (seen < 0)
            throw new LeftBehindException();
        // An earlier call, of which the watchdog has yet to see that it ended.
    }

    /// <summary>The call that an action runs within.</summary>
    /// <param name="Actor">The rule whose action that is.</param>
    /// <param name="Position">Where the thread was.</param>
    public readonly record struct Outer(RuleEntry? Actor, int Position);
}

/// <summary>A rule took too long and came back: its fault.</summary>
internal sealed class RuleOverranException() : Exception("the rule took too long");

/// <summary>A rule took too long, and the bridge goes on on another thread: this one ends, and touches nothing on its way.</summary>
internal sealed class LeftBehindException() : Exception("the rule took too long; the bridge goes on without it");
