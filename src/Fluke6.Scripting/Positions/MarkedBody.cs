using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Fluke6.Scripting.Positions;

/// <summary>
/// A method's code with a mark before each statement that may throw or call something: stores of the statement's number into the rule's
/// cell, as the last of all and as the method's last. A mark repeats after each call that may have run other statements of the script. A
/// <c>finally</c> block, and a <c>catch</c> block that throws again, puts back the numbers that it found, so that an exception which passes
/// through keeps its line.
/// </summary>
/// <remarks>
/// Marks work on compiled code, not on the script's text: what the compiler says and what the script means stay as they are. A mark takes
/// no local variable and names no member, so that the metadata stay as they are, too: the cell's address is a constant that loading fills
/// in.
/// </remarks>
internal sealed class MarkedBody
{
    // A mark pushes two addresses and a number; a block that puts its numbers back holds two of each.
    private const int ExtraStack = 8;

    private readonly ImmutableArray<byte> _code;
    private readonly List<Instruction> _instructions;
    private readonly ImmutableArray<ExceptionRegion> _regions;
    private readonly Dictionary<int, int> _points;
    private readonly HashSet<int> _loops = [];
    private readonly HandlerRegions _handlers;
    private readonly SafeCode _safe;
    private readonly int _slotOffset;
    private readonly ScriptCalls _calls;
    private readonly bool _mayRecurse;
    private readonly BlobBuilder _output = new();
    private readonly Dictionary<int, int> _labels = [];
    private readonly Dictionary<int, int> _regionLabels = [];
    private readonly List<(int Operand, int End, int Target)> _branches = [];
    private readonly List<int> _cells = [];

    /// <summary>Marks a method's code.</summary>
    /// <param name="body">As compiled.</param>
    /// <param name="points">The number of the statement that begins at an offset; 0 where the compiler's own code begins.</param>
    /// <param name="slot">Which method of the script it is, from 0.</param>
    /// <param name="isStatic">Whether it is static.</param>
    /// <param name="calls">Who calls whom.</param>
    /// <param name="mayRecurse">Whether the method may come to call itself: only then it has to look how much stack there is.</param>
    public MarkedBody(MethodBodyBlock body, Dictionary<int, int> points, int slot, bool isStatic, ScriptCalls calls, bool mayRecurse)
    {
        _code = body.GetILContent();
        _instructions = Instruction.Decode(_code);
        PlainLength = _code.Length;
        _regions = body.ExceptionRegions;
        _handlers = new HandlerRegions(_regions, _instructions);
        _points = points;
        _safe = new SafeCode(isStatic);
        _slotOffset = sizeof(int) * (slot + 1);
        _calls = calls;
        _mayRecurse = mayRecurse;
        MaxStack = body.MaxStack + ExtraStack;
        foreach (Instruction instruction in _instructions)
        {
            if (instruction.IsBranch && instruction.Target(_code) <= instruction.Offset)
                _loops.Add(instruction.Target(_code));
        }

        Write();
    }

    /// <summary>The code.</summary>
    public byte[] Code { get; private set; } = [];

    /// <summary>How long the code would be without marks.</summary>
    public int PlainLength { get; private set; }

    /// <summary>How deep its stack gets.</summary>
    public int MaxStack { get; }

    /// <summary>Where in it the cell's address belongs: eight bytes each.</summary>
    public IReadOnlyList<int> Cells => _cells;

    /// <summary>Where an instruction begins now, for symbols: before its mark.</summary>
    public int Moved(int offset) => _regionLabels[offset];

    /// <summary>Writes the exception regions as they lie now.</summary>
    public void WriteRegions(ExceptionRegionEncoder encoder)
    {
        foreach (ExceptionRegion region in _regions)
        {
            int tryStart = Moved(region.TryOffset), handlerStart = Moved(region.HandlerOffset);
            encoder.Add(
                region.Kind,
                tryStart,
                Moved(region.TryOffset + region.TryLength) - tryStart,
                handlerStart,
                Moved(region.HandlerOffset + region.HandlerLength) - handlerStart,
                region.CatchType,
                region.Kind == ExceptionRegionKind.Filter ? Moved(region.FilterOffset) : 0);
        }
    }

    private void Write()
    {
        int current = 0, last = 0;
        // The compiler leaves it out of lambdas of the top level. What it writes by itself, such as an iterator's Dispose, is to be left
        // without: there it would throw once more while the first such exception passes through.
        if (_mayRecurse && _calls.StackProbe is { } probe && _points.Values.Any(point => point != 0) && !_instructions.Exists(IsProbe))
        {
            WriteCode(ILOpCode.Call);
            _output.WriteInt32(probe);
        }

        for (int i = 0; i < _instructions.Count; i++)
        {
            Instruction instruction = _instructions[i];
            if (!_mayRecurse && IsProbe(instruction))
            {
                LeaveOut(instruction);
                continue;
            }

            ExceptionRegion? entered = _handlers.ThatKeepsItsNumbers(instruction.Offset, entry: true);
            bool catches = entered?.Kind is ExceptionRegionKind.Catch or ExceptionRegionKind.Filter;
            _regionLabels[instruction.Offset] = _output.Count;
            if (entered is not null && !catches)
                PushNumbers();

            _labels[instruction.Offset] = _output.Count;
            bool begins = _points.TryGetValue(instruction.Offset, out int point);
            if (begins)
                current = point;
            last = current == 0 ? last : current;
            // A loop without a statement, such as for (;;) { }, has a mark, too: it must be possible to end it.
            bool loops = _loops.Contains(instruction.Offset);
            if ((loops || (begins && (_handlers.IsInHandler(instruction.Offset) || !RestIsSafe(i)))) && !catches)
                Mark(instruction.Offset, loops && current == 0 ? last : current);

            if (_handlers.PutsNumbersBack(instruction))
                PopNumbers();
            else if (instruction.Code == ILOpCode.Endfilter)
                PutBackAfterFilter();
            Copy(instruction);
            if (catches)
            {
                PushNumbers();
                Mark(instruction.Offset, current);
            }
            else if (instruction.IsCall && !BeginsStatement(instruction.End) && !RestIsSafe(i + 1) && _calls.MayRunScript(instruction.Token(_code)))
            {
                Mark(instruction.Offset, current);
            }
        }

        _regionLabels[_code.Length] = _labels[_code.Length] = _output.Count;
        Code = _output.ToArray();
        foreach ((int operand, int end, int target) in _branches)
            BitConverter.TryWriteBytes(Code.AsSpan(operand), _labels[target] - end);
    }

    private bool IsProbe(Instruction instruction) => instruction.Code == ILOpCode.Call && instruction.Token(_code) == _calls.StackProbe;

    // A statement that begins with it begins with what follows.
    private void LeaveOut(Instruction instruction)
    {
        _regionLabels[instruction.Offset] = _labels[instruction.Offset] = _output.Count;
        if (_points.TryGetValue(instruction.Offset, out int point))
            _points.TryAdd(instruction.End, point);
        PlainLength -= instruction.End - instruction.Offset;
    }

    // volatile: the pointer is read anew each time, as another thread may end the script by clearing it.
    private void Mark(int offset, int number)
    {
        if (number == 0 || _handlers.IsInFilter(offset))
            return;

        PushPointer();
        WriteCode(ILOpCode.Dup);
        PushConstant(number);
        WriteCode(ILOpCode.Stind_i4);
        AddSlotOffset();
        PushConstant(number);
        WriteCode(ILOpCode.Stind_i4);
    }

    private void PushNumbers()
    {
        PushPointer();
        WriteCode(ILOpCode.Dup);
        WriteCode(ILOpCode.Ldind_i4);
        PushPointer();
        AddSlotOffset();
        WriteCode(ILOpCode.Dup);
        WriteCode(ILOpCode.Ldind_i4);
    }

    private void PopNumbers()
    {
        WriteCode(ILOpCode.Stind_i4);
        WriteCode(ILOpCode.Stind_i4);
    }

    // A filter has no marks, but what it called has. The method's own number is as it was.
    private void PutBackAfterFilter()
    {
        PushPointer();
        WriteCode(ILOpCode.Dup);
        AddSlotOffset();
        WriteCode(ILOpCode.Ldind_i4);
        WriteCode(ILOpCode.Stind_i4);
    }

    private void AddSlotOffset()
    {
        PushConstant(_slotOffset);
        WriteCode(ILOpCode.Add);
    }

    private void PushPointer()
    {
        WriteCode(ILOpCode.Ldc_i8);
        _cells.Add(_output.Count);
        _output.WriteInt64(0);
        WriteCode(ILOpCode.Conv_i);
        WriteCode(ILOpCode.Volatile);
        WriteCode(ILOpCode.Ldind_i);
    }

    private void PushConstant(int number)
    {
        if (number <= sbyte.MaxValue)
        {
            WriteCode(ILOpCode.Ldc_i4_s);
            _output.WriteByte((byte)number);
        }
        else
        {
            WriteCode(ILOpCode.Ldc_i4);
            _output.WriteInt32(number);
        }
    }

    private void Copy(Instruction instruction)
    {
        if (instruction.Code == ILOpCode.Switch)
        {
            CopySwitch(instruction);
            return;
        }

        if (!instruction.IsBranch)
        {
            _output.WriteBytes(_code, instruction.Offset, instruction.End - instruction.Offset);
            return;
        }

        // What was near may be far now.
        WriteCode(instruction.Code.GetLongBranch());
        _branches.Add((_output.Count, _output.Count + 4, instruction.Target(_code)));
        _output.WriteInt32(0);
    }

    private void CopySwitch(Instruction instruction)
    {
        int count = BitConverter.ToInt32(_code.AsSpan()[instruction.Operand..]);
        WriteCode(ILOpCode.Switch);
        _output.WriteInt32(count);
        int end = _output.Count + (4 * count);
        for (int i = 1; i <= count; i++)
        {
            _branches.Add((_output.Count, end, instruction.End + BitConverter.ToInt32(_code.AsSpan()[(instruction.Operand + (4 * i))..])));
            _output.WriteInt32(0);
        }
    }

    private void WriteCode(ILOpCode code)
    {
        if ((int)code > 0xFF)
            _output.WriteByte((byte)((int)code >> 8));
        _output.WriteByte((byte)code);
    }

    // Up to the next statement; what the compiler adds without a line of its own counts as the statement before.
    private bool RestIsSafe(int index) => _safe.Contains(
        _instructions.Skip(index).TakeWhile((instruction, i) => (i == 0 && IsStart(index)) || !BeginsStatement(instruction.Offset)));

    private bool IsStart(int index) => index < _instructions.Count && BeginsStatement(_instructions[index].Offset);

    private bool BeginsStatement(int offset) => _points.TryGetValue(offset, out int point) && point != 0;
}
