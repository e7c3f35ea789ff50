using System.Runtime.InteropServices;
using Fluke6.Linux.Native;

namespace Fluke6.Linux.KernelPath;

/// <summary>A register of the kernel's machine. Documentation/bpf/standardization/instruction-set.rst.</summary>
internal enum Register : byte
{
    R0,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,
    Frame,
}

/// <summary>Conditions of jumps, without a sign.</summary>
internal enum Condition : byte
{
    Always = 0x00,
    Equal = 0x10,
    Above = 0x20,
    AtLeast = 0x30,
    NotEqual = 0x50,
    Below = 0xA0,
}

/// <summary>Operations on 64 bits.</summary>
internal enum Operation : byte
{
    Add = 0x00,
    Subtract = 0x10,
    Or = 0x40,
    And = 0x50,
    Multiply = 0x20,
    Divide = 0x30,
    Modulo = 0x90,
    ShiftLeft = 0x60,
    ShiftRight = 0x70,
    ExclusiveOr = 0xA0,
    Move = 0xB0,
}

/// <summary>Sizes of loads and stores.</summary>
internal enum Size : byte
{
    Four = 0x00,
    Two = 0x08,
    One = 0x10,
    Eight = 0x18,
}

/// <summary>Writes a program for the kernel, with jumps to names.</summary>
internal sealed class BpfCode
{
    private readonly List<Instruction> _code = [];
    private readonly Dictionary<string, int> _places = [];
    private readonly List<(int At, string Name)> _jumps = [];

    /// <summary>The program, with every jump's distance filled in.</summary>
    public Instruction[] ToArray()
    {
        foreach ((int at, string name) in _jumps)
            _code[at] = _code[at] with { Offset = checked((short)(_places[name] - at - 1)) };
        return [.. _code];
    }

    /// <summary>Names the place of the next instruction.</summary>
    public void Mark(string name) => _places.Add(name, _code.Count);

    public void Do(Operation operation, Register to, int number) => Add((byte)(0x07 | (byte)operation), to, default, 0, number);

    public void Do(Operation operation, Register to, Register from) => Add((byte)(0x0F | (byte)operation), to, from, 0, 0);

    /// <summary>Turns the last bits of a register from network order: 16, 32 or 64.</summary>
    public void FromNetworkOrder(Register register, int bits = 16) => Add(0xDC, register, default, 0, bits);

    /// <summary>A number of 64 bits.</summary>
    public void Set(Register to, ulong number)
    {
        Add(0x18, to, default, 0, (int)number);
        Add(0x00, default, default, 0, (int)(number >> 32));
    }

    /// <summary>Adds to the eight bytes at an address, which other processors may do at the same time.</summary>
    public void AddAtomically(Register address, int offset, Register number) => Add(0xDB, address, number, offset, 0);

    public void Load(Size size, Register to, Register address, int offset) => Add((byte)(0x61 | (byte)size), to, address, offset, 0);

    public void Store(Size size, Register address, int offset, Register from) => Add((byte)(0x63 | (byte)size), address, from, offset, 0);

    public void Jump(string name) => Jump(Condition.Always, default, 0, name);

    public void Jump(Condition condition, Register left, int right, string name)
    {
        _jumps.Add((_code.Count, name));
        Add((byte)(0x05 | (byte)condition), left, default, 0, right);
    }

    public void Jump(Condition condition, Register left, Register right, string name)
    {
        _jumps.Add((_code.Count, name));
        Add((byte)(0x0D | (byte)condition), left, right, 0, 0);
    }

    public void Call(int helper) => Add(0x85, default, default, 0, helper);

    public void Exit() => Add(0x95, default, default, 0, 0);

    /// <summary>Looks an element up: R0 points to it, or is 0.</summary>
    /// <param name="map">The map's descriptor.</param>
    /// <param name="key">Where on the stack the key is.</param>
    public void LookUp(int map, int key)
    {
        SetMap(map, key);
        Call(Bpf.BPF_FUNC_map_lookup_elem);
    }

    /// <summary>Adds an element that is not there yet: R0 is 0 if it was added.</summary>
    /// <param name="map">The map's descriptor.</param>
    /// <param name="key">Where on the stack the key is.</param>
    /// <param name="value">Where on the stack the value is.</param>
    public void AddElement(int map, int key, int value)
    {
        SetMap(map, key);
        Do(Operation.Move, Register.R3, Register.Frame);
        Do(Operation.Add, Register.R3, value);
        Do(Operation.Move, Register.R4, Bpf.BPF_NOEXIST);
        Call(Bpf.BPF_FUNC_map_update_elem);
    }

    private void SetMap(int map, int key)
    {
        // BPF_PSEUDO_MAP_FD: two instructions' worth of constant.
        Add(0x18, Register.R1, Register.R1, 0, map);
        Add(0x00, default, default, 0, 0);
        Do(Operation.Move, Register.R2, Register.Frame);
        Do(Operation.Add, Register.R2, key);
    }

    private void Add(byte code, Register to, Register from, int offset, int number) =>
        _code.Add(new Instruction(code, (byte)((byte)to | ((byte)from << 4)), checked((short)offset), number));

    /// <summary><c>struct bpf_insn</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly record struct Instruction(byte Code, byte Registers, short Offset, int Number);
}
