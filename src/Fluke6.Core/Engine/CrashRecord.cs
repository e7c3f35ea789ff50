using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Fluke6.Engine;

/// <summary>
/// Says which rule the bridge is in, in memory that another process sees, too, and still has when a rule has ended this one: by a stack
/// overflow or <c>Environment.Exit</c>, say. While it is written nothing allocates, waits or calls the kernel.
/// </summary>
/// <remarks>
/// The memory: the number of the slot in use; a slot for each of the last threads, of which all but one are left behind in rules that did not
/// return; the rule that is being loaded; the names of the chain's rules, by their positions; <see cref="Positions"/>.
/// </remarks>
internal sealed unsafe class CrashRecord
{
    /// <summary>How much memory it takes, in bytes.</summary>
    public const int Length = NamesLength + SharedPositions.Length;

    /// <summary>What a slot holds while the bridge is in no rule; as does any other negative number.</summary>
    internal const int InNoRule = -1;

    /// <summary>What a slot holds while a rule's timer, posted work or exit runs. No chain is so long.</summary>
    internal const int InAction = 0xFFFF;

    private const int NamesLength = 32 * 1024;

    // Between a rule's name and the number of its block among the positions. No file is named so by anybody in his right mind.
    private const char Separator = '\u0001';

    private const int Slots = 32, SlotLength = 128, InUse = 3, NameInSlot = 4 * sizeof(int);
    private const int FirstSlot = 64, TopLevelStart = FirstSlot + (Slots * SlotLength), TopLevelLength = 256;
    private const int NamesStart = TopLevelStart + TopLevelLength;

    private readonly byte* _memory;
    private readonly byte[]? _own;

    /// <summary>A record that another process sees.</summary>
    /// <param name="memory"><see cref="Length"/> bytes that are shared, aligned to 64, zeros at first, and stay until this process ends.</param>
    public CrashRecord(nint memory)
    {
        _memory = (byte*)memory;
        Positions = new SharedPositions(memory + NamesLength);
    }

    // Of a bridge that nobody outlives.
    internal CrashRecord()
    {
        _own = GC.AllocateArray<byte>(NamesLength, pinned: true);
        _memory = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_own));
    }

    /// <summary>The rules that threads of the bridge are in; first that of the thread which forwards. Empty if none is in a rule.</summary>
    public IReadOnlyList<RuleAtWork> RunningRules
    {
        get
        {
            int current = *(int*)_memory;
            return [.. Enumerable.Range(0, Slots).Select(i => NameAt((current + Slots - i) % Slots, isCurrent: i == 0)).OfType<string>().Select(Describe)];
        }
    }

    /// <summary>The rule whose top level runs; null if none does.</summary>
    public RuleAtWork? RuleBeingLoaded =>
        TextIn(new ReadOnlySpan<byte>(_memory + TopLevelStart, TopLevelLength)) is { } name ? Describe(name) : null;

    /// <summary>The scripts' positions; null if no other process is to see them.</summary>
    internal SharedPositions? Positions { get; }

    /// <summary>Notes the rule whose top level is about to run; null for none.</summary>
    internal void SetRuleBeingLoaded(string? name, ScriptPosition? position = null) =>
        SetText(new Span<byte>(_memory + TopLevelStart, TopLevelLength), name is null ? null : Encode(name, position));

    /// <summary>The slot of a thread that goes on where another is left behind, or the first.</summary>
    internal Slot NextSlot()
    {
        int current = *(int*)_memory;
        // By name, as the positions are about to become those of other rules.
        SetText(NameSpan(current), NameAt(current, isCurrent: true));
        int next = (current + 1) % Slots;
        int* slot = (int*)(_memory + FirstSlot + (next * SlotLength));
        slot[0] = slot[1] = slot[2] = InNoRule;
        slot[InUse] = 1;
        SetText(NameSpan(next), null);
        Volatile.Write(ref *(int*)_memory, next);
        return new Slot(slot, this);
    }

    /// <summary>Notes the names of a chain's rules. Only while no rule runs on the thread that forwards.</summary>
    internal void SetRules(RuleChain chain)
    {
        var rest = new Span<byte>(_memory + NamesStart, NamesLength - NamesStart);
        for (int i = 0; chain.RuleAt(i) is { } rule; i++)
        {
            rule.Place = i;
            string name = Encode(rule.Name, rule.Context?.Position);
            int length = Encoding.UTF8.GetByteCount(name) + 1;
            if (length >= rest.Length)
                break;

            SetText(rest[..length], name);
            rest = rest[length..];
        }

        rest[0] = 0;
    }

    private Span<byte> NameSpan(int slot) => new(_memory + FirstSlot + (slot * SlotLength) + NameInSlot, SlotLength - NameInSlot);

    private string? NameAt(int slot, bool isCurrent)
    {
        int* at = (int*)(_memory + FirstSlot + (slot * SlotLength));
        if (at[0] < 0 || at[InUse] == 0)
            return null;

        return isCurrent ? NameOf(at[0] == InAction ? at[1] : at[2] >= 0 ? at[2] : at[0]) : TextIn(NameSpan(slot));
    }

    private string? NameOf(int position)
    {
        ReadOnlySpan<byte> rest = new(_memory + NamesStart, NamesLength - NamesStart);
        for (; position > 0 && rest.Length > 0 && rest[0] != 0; position--)
            rest = rest[(rest.IndexOf((byte)0) + 1)..];
        return position == 0 ? TextIn(rest) : null;
    }

    private static string Encode(string name, ScriptPosition? position) => position?.Block is { } block ? $"{name}{Separator}{block}" : name;

    private RuleAtWork Describe(string text)
    {
        string[] parts = text.Split(Separator, 2);
        return new RuleAtWork(
            parts[0], parts.Length > 1 && int.TryParse(parts[1], CultureInfo.InvariantCulture, out int block) ? Positions?.LineAt(block) : null);
    }

    private static string? TextIn(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return end <= 0 ? null : Encoding.UTF8.GetString(bytes[..end]);
    }

    // Cut off if it does not fit, and always ended by a zero.
    private static void SetText(Span<byte> bytes, string? text)
    {
        Encoding.UTF8.GetEncoder().Convert(text, bytes[..^1], flush: true, out _, out int used, out _);
        bytes[used] = 0;
    }

    /// <summary>
    /// Where a thread notes in which rule it is: three numbers, each a rule's position or negative. That of the frame path; that of the
    /// rule whose action runs; and that of a rule which is asked alone, outside of the chain that forwards.
    /// </summary>
    internal readonly struct Slot(int* numbers, object owner)
    {
        // Keeps the memory.
        private readonly object _owner = owner;

        /// <summary>A slot that no other process sees.</summary>
        public static Slot Unshared()
        {
            int[] numbers = GC.AllocateArray<int>(3, pinned: true);
            numbers.AsSpan().Fill(InNoRule);
            return new Slot((int*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(numbers)), numbers);
        }

        /// <summary>The rule that is being asked about a frame, <see cref="InAction"/>, or negative.</summary>
        public int* Position => numbers;

        /// <summary>Notes whose action runs; a rule that was asked alone is through.</summary>
        public void SetActor(int place)
        {
            numbers[1] = place;
            numbers[2] = InNoRule;
        }

        /// <summary>Notes the rule that is asked alone.</summary>
        public void SetAlone(int place) => numbers[2] = place;
    }
}

/// <summary>A rule that a bridge was in.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="At">File and line of the statement that it was at, such as <c>10-x.csx:4</c>; null if not known.</param>
internal readonly record struct RuleAtWork(string Name, string? At);
