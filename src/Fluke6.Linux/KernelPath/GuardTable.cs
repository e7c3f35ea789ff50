using System.Runtime.InteropServices;
using Fluke6.Rules;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Linux.KernelPath;

/// <summary>
/// A guard as the kernel's program reads it: a row for each of its parts and for each instruction of its filters in text, with where to go on if it holds and if not. The program was checked by the
/// kernel once; guards change by another table, for which no right is needed.
/// </summary>
internal static class GuardTable
{
    /// <summary>How many parts and instructions a guard may have.</summary>
    public const int Rows = 64;

    /// <summary>Where to go on: the frame is for the rules.</summary>
    public const ushort ToRules = 0xFFFF;

    /// <summary>Where to go on: the kernel forwards the frame.</summary>
    public const ushort Forward = 0xFFFE;

    /// <summary>Writes the rows of a guard.</summary>
    /// <param name="guard">Which frames are for the rules; of at most <see cref="Rows"/> steps.</param>
    /// <param name="first">The number of the table's first row.</param>
    /// <param name="begin">The row to begin at.</param>
    public static Row[] Write(Guard guard, int first, out ushort begin)
    {
        var rows = new List<Row>();
        begin = Write(guard, isWanted: true, ToRules, Forward, first, rows);
        return [.. rows];
    }

    private static ushort Write(Guard guard, bool isWanted, ushort holds, ushort fails, int first, List<Row> rows)
    {
        switch (guard)
        {
            case GuardComplement complement:
                return Write(complement.Guard, !isWanted, holds, fails, first, rows);

            case GuardPair pair:
                ushort right = Write(pair.Right, isWanted, holds, fails, first, rows);
                // The complement of both is the complement of either.
                return pair.IsBoth == isWanted
                    ? Write(pair.Left, isWanted, right, fails, first, rows)
                    : Write(pair.Left, isWanted, holds, right, first, rows);

            case TextGuard text:
                return FilterRows.Add(text.Ethernet, isWanted ? holds : fails, isWanted ? fails : holds, first, rows);

            case NamedGuard named:
                ulong[] numbers = [.. named.Numbers.Select(number => InOrderOfFrame(named.Kind, number)), .. new ulong[4]];
                rows.Add(new Row(
                    (ushort)named.Kind, isWanted ? holds : fails, isWanted ? fails : holds, 0, numbers[0], numbers[1], numbers[2], numbers[3]));
                return (ushort)(first + rows.Count - 1);

            default:
                throw new ArgumentException("No guard that the kernel's program knows.", nameof(guard));
        }
    }

    // Addresses are compared as they stand in the frame.
    private static ulong InOrderOfFrame(GuardKind kind, ulong number) => !BitConverter.IsLittleEndian ? number : kind switch
    {
        GuardKind.Ipv4Address => ReverseEndianness((uint)number),
        GuardKind.Ipv6Address => ReverseEndianness(number),
        _ => number,
    };

    /// <summary>A part of a guard.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly record struct Row(ushort Kind, ushort Holds, ushort Fails, ushort Unused, ulong First, ulong Second, ulong Third, ulong Fourth)
    {
        /// <summary>Where the numbers stand.</summary>
        public const int HoldsAt = 2, FailsAt = 4, FirstAt = 8, SecondAt = 16, ThirdAt = 24, FourthAt = 32, Length = 40;
    }
}
