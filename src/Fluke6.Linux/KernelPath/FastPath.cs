using System.Diagnostics;
using System.Globalization;
using Fluke6.Bridging;
using Fluke6.Flows;
using Fluke6.Linux.Native;
using Fluke6.Ports;
using Fluke6.Rules;
using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux.KernelPath;

/// <summary>
/// Lets the kernel forward frames between two interfaces that no rule asks for. The filter of each packet socket decides, and tells a program at the
/// interface, which redirects what the socket did not take: one decision for each frame. Programs and links go with the descriptors, however the
/// process ends. Opening it needs rights; to change the guard needs none.
/// </summary>
internal sealed unsafe class FastPath : IFastPath, IDisposable
{
    private const char Separator = ',';
    private const uint AllToRules = uint.MaxValue;
    private const string PossibleProcessors = "/sys/devices/system/cpu/possible";
    private readonly int _processors = CountProcessors();

    private readonly PacketPort _left;
    private readonly PacketPort _right;
    private readonly int _leftIndex;
    private readonly int _rightIndex;
    private readonly int _flows;
    private readonly int _leftBinding;
    private readonly int _rightBinding;
    private readonly SafeFileHandle[] _held;    // rows, start, counters, control, questions, flows and those let go if any are counted, and the links
    private readonly NeighbourWatch _neighbours;
    private readonly KernelControl _control;
    private readonly (long Frames, long Bytes)[] _countedBefore;
    private readonly Lock _lock = new();
    private int _table;
    private bool _forwards;
    private bool _hasForwarded;

    private FastPath(PacketPort left, PacketPort right, int leftIndex, int rightIndex, int flows, SafeFileHandle[] held)
    {
        (_left, _right, _leftIndex, _rightIndex, _flows, _held) = (left, right, leftIndex, rightIndex, flows, held);
        (_leftBinding, _rightBinding) = (left.Bindings, right.Bindings);
        _control = new KernelControl(held[3]);
        _neighbours = new NeighbourWatch(held[4], left, right);
        _countedBefore = [_control.Counted(Side.Left), _control.Counted(Side.Right)];
        Flows = flows > 0 ? new ForwardedFlows(held[5], held[6], _control, flows) : null;
    }

    /// <inheritdoc/>
    public int MaxSteps => GuardTable.Rows;

    /// <inheritdoc/>
    public string? Trouble =>
        (_left.InterfaceIndex, _left.Bindings, _right.InterfaceIndex, _right.Bindings) != (_leftIndex, _leftBinding, _rightIndex, _rightBinding)
            ? "an interface went away; restart the bridge for the one in its place"
        : _left.State != PortState.Up || _right.State != PortState.Up ? "an interface is down"
        : Misfit(_left, _right) ?? _neighbours.Trouble;

    /// <inheritdoc/>
    public IForwardedFlows? Flows { get; }

    /// <summary>The descriptors that have to stay open.</summary>
    public IEnumerable<int> Descriptors => _held.Select(BpfObjects.Number);

    /// <summary>Tells another program how to go on with it, if it inherits <see cref="Descriptors"/>.</summary>
    public string Handover => string.Join(Separator, [_leftIndex, _rightIndex, _flows, .. Descriptors]);

    private SafeFileHandle Rows => _held[0];

    private SafeFileHandle Start => _held[1];

    private SafeFileHandle Counters => _held[2];

    /// <summary>Puts the programs in place; all frames come to the bridge until <see cref="Direct"/>.</summary>
    /// <param name="left">The left port.</param>
    /// <param name="right">The right port.</param>
    /// <param name="flows">How many flows the bridge keeps figures of.</param>
    /// <param name="reason">Why there is none; null if there is.</param>
    /// <param name="opensOnExit">Whether the kernel is to forward everything once the bridge's process has gone: <see cref="ExitLinks"/>.</param>
    public static FastPath? TryOpen(IPort left, IPort right, int flows, out string? reason, bool opensOnExit = false)
    {
        if (left is not PacketPort first || right is not PacketPort second)
        {
            reason = $"{(left is PacketPort ? right : left).Specification} is no interface that was there before";
            return null;
        }

        reason = first.NamespaceIdentity != second.NamespaceIdentity ? "the interfaces are in two network namespaces" : Misfit(first, second);
        if (reason is not null)
            return null;

        try
        {
            (FastPath? path, reason) = NetworkNamespace.Run<(FastPath?, string?)>(first.NetworkNamespace, first.Name, () =>
            {
                using var kernel = new NetlinkSocket("interfaces");
                string? trouble = OtherProgram(first) ?? OtherProgram(second) ?? NeighbourWatch.Find(kernel, first) ?? NeighbourWatch.Find(kernel, second);
                return trouble is null ? (Open(first, second, Math.Min(flows, ForwardedFlows.MaxCapacity), opensOnExit), null) : (null, trouble);
            });
            return path;
        }
        catch (PortException exception)
        {
            reason = exception.Message;
            return null;
        }
    }

    /// <summary>A <see cref="Handover"/> where each descriptor has another number.</summary>
    public static string Renumbered(string handover, IReadOnlyDictionary<int, int> numbers)
    {
        int[] parts = [.. handover.Split(Separator).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        return string.Join(Separator, [.. parts[..3], .. parts[3..].Select(number => numbers[number])]);
    }

    /// <summary>Goes on with what another program opened.</summary>
    public static FastPath Adopt(PacketPort left, PacketPort right, string handover)
    {
        int[] numbers = [.. handover.Split(Separator).Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        return new FastPath(left, right, numbers[0], numbers[1], numbers[2], [.. numbers[3..].Select(PortDescriptors.Take)]);
    }

    /// <inheritdoc/>
    public string? Direct(Guard? guard)
    {
        lock (_lock)
        {
            try
            {
                if (guard is null)
                {
                    BpfObjects.Update(Start, 0, AllToRules);
                    _forwards = false;
                    return null;
                }

                _neighbours.Start();
                // Of frames that are on their way through the bridge now, those that follow must overtake none; at first, nobody waits for any.
                if (!_forwards && _hasForwarded)
                    _control.AllTaken(Stopwatch.GetTimestamp());

                // A program that runs now may still read one of the others.
                _table = (_table + 1) % DecisionProgram.Tables;
                int first = _table * GuardTable.Rows;
                GuardTable.Row[] rows = GuardTable.Write(guard, first, out ushort begin);
                for (int i = 0; i < rows.Length; i++)
                    BpfObjects.Update(Rows, first + i, rows[i]);
                BpfObjects.Update(Start, 0, (uint)begin);
                _forwards = _hasForwarded = true;
                return null;
            }
            catch (PortException exception)
            {
                return exception.Message;
            }
        }
    }

    /// <inheritdoc/>
    public void End()
    {
        if (!GoesOn)
            Direct(null);
    }

    /// <summary>Whether the kernel goes on with forwarding as it does, when the bridge ends, until another has the path.</summary>
    public bool GoesOn { get; set; }

    /// <inheritdoc/>
    public void Handled(Side side, long monotonic) => _control.Handled(side, monotonic);

    /// <inheritdoc/>
    public (long Frames, long Bytes) Forwarded(Side from)
    {
        Span<(long Frames, long Bytes)> counts = stackalloc (long, long)[_processors];
        if (!BpfObjects.TryRead(Counters, (int)from, counts))
            return default;

        (long frames, long bytes) = (0, 0);
        foreach ((long Frames, long Bytes) count in counts)
            (frames, bytes) = (frames + count.Frames, bytes + count.Bytes);
        _control.Counted(from) = (frames, bytes);
        (long Frames, long Bytes) before = _countedBefore[(int)from];
        return (frames - before.Frames, bytes - before.Bytes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _neighbours.Dispose();
        _control.Dispose();
        foreach (SafeFileHandle handle in _held)
            handle.Dispose();
    }

    private static FastPath Open(PacketPort left, PacketPort right, int flows, bool opensOnExit)
    {
        bool isLast = opensOnExit || ExitLinks.IsAt(left.InterfaceIndex) || ExitLinks.IsAt(right.InterfaceIndex);
        var opened = new List<SafeFileHandle>();
        try
        {
            SafeFileHandle rows = Keep(BpfObjects.CreateMap(Bpf.BPF_MAP_TYPE_ARRAY, GuardTable.Row.Length, DecisionProgram.Tables * GuardTable.Rows));
            // In the kernel it lives as long as the programs.
            using SafeFileHandle memory = BpfObjects.CreateMap(Bpf.BPF_MAP_TYPE_PERCPU_ARRAY, FilterRowCode.MemoryLength, 1);
            SafeFileHandle start = Keep(BpfObjects.CreateMap(Bpf.BPF_MAP_TYPE_ARRAY, sizeof(uint), 1));
            SafeFileHandle counters = Keep(BpfObjects.CreateMap(Bpf.BPF_MAP_TYPE_PERCPU_ARRAY, sizeof((long, long)), 2));
            SafeFileHandle control = Keep(BpfObjects.CreateMap(Bpf.BPF_MAP_TYPE_ARRAY, KernelControl.Length, 1, Bpf.BPF_F_MMAPABLE));
            Keep(NetlinkSocket.Open("interfaces"));
            SafeFileHandle? table = flows > 0 ? Keep(BpfObjects.CreateTable(sizeof(FlowKey), ForwardedFigures.Length, flows)) : null;
            SafeFileHandle? released = flows > 0 ? Keep(BpfObjects.CreateTable(sizeof(FlowKey), sizeof(ulong), flows)) : null;
            BpfObjects.Update(start, 0, AllToRules);
            // The links first: as long as the filters are not there, these find nothing that was left to them.
            foreach ((PacketPort port, PacketPort other, Side side) in ((PacketPort, PacketPort, Side)[])[(left, right, Side.Left), (right, left, Side.Right)])
            {
                using SafeFileHandle slot = BpfObjects.CreateMap(Bpf.BPF_MAP_TYPE_PERCPU_ARRAY, sizeof(ulong), 1);
                using SafeFileHandle marks = BpfObjects.CreateMap(Bpf.BPF_MAP_TYPE_ARRAY, sizeof(ulong), OrderCode.Marks);
                using SafeFileHandle forwarding = BpfObjects.Load(Bpf.BPF_PROG_TYPE_SCHED_CLS, ForwardingProgram.Write(
                    side, other.InterfaceIndex, BpfObjects.Number(slot), BpfObjects.Number(counters), isLast));
                var maps = new DecisionMaps(
                    BpfObjects.Number(rows), BpfObjects.Number(memory), BpfObjects.Number(start), BpfObjects.Number(slot), BpfObjects.Number(control), BpfObjects.Number(marks),
                    table is null ? -1 : BpfObjects.Number(table), released is null ? -1 : BpfObjects.Number(released));
                using SafeFileHandle decision = BpfObjects.Load(Bpf.BPF_PROG_TYPE_SOCKET_FILTER, DecisionProgram.Write(side, maps));
                Keep(BpfObjects.Attach(forwarding, port.InterfaceIndex, isFirst: true));
                port.AttachFilter(decision);
            }

            if (opensOnExit)
            {
                ExitLinks.Put(left.InterfaceIndex, right.InterfaceIndex);
            }
            else
            {
                ExitLinks.Remove(left.InterfaceIndex);
                ExitLinks.Remove(right.InterfaceIndex);
            }

            return new FastPath(left, right, left.InterfaceIndex, right.InterfaceIndex, flows, [.. opened]);
        }
        catch
        {
            left.DetachFilter();
            right.DetachFilter();
            opened.ForEach(handle => handle.Dispose());
            throw;
        }

        SafeFileHandle Keep(SafeFileHandle handle)
        {
            opened.Add(handle);
            return handle;
        }
    }

    private static string? Misfit(PacketPort left, PacketPort right) => !left.Offload || !right.Offload ? "--no-offload shows rules each frame as on a wire"
        : left.Mtu != right.Mtu ? $"the MTUs differ: {left.Name} has {left.Mtu}, {right.Name} {right.Mtu}" : null;

    // To ask for it takes a right that the bridge gives up: one that comes later is not seen.
    private static string? OtherProgram(PacketPort port) => BpfObjects.CountAttached(port.InterfaceIndex) > (ExitLinks.IsAt(port.InterfaceIndex) ? 1 : 0)
        ? $"another program is attached to {port.Name} (`bpftool net`)" : null;

    private static int CountProcessors()
    {
        try
        {
            // Such as 0-3,8-11; an element for each possible one.
            string text = File.ReadAllText(PossibleProcessors).Trim();
            return int.Parse(text[(text.LastIndexOfAny(['-', ',']) + 1)..], CultureInfo.InvariantCulture) + 1;
        }
        catch (IOException exception)
        {
            throw new PortException($"{PossibleProcessors} cannot be read, as in a file system of its own without /sys: {exception.Message.TrimEnd('.')}");
        }
    }
}
