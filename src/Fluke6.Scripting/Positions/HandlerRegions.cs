using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Fluke6.Scripting.Positions;

/// <summary>A method's exception regions, by what marks in them have to heed.</summary>
/// <param name="regions">As compiled.</param>
/// <param name="instructions">The method's.</param>
internal sealed class HandlerRegions(ImmutableArray<ExceptionRegion> regions, List<Instruction> instructions)
{
    /// <summary>Whether an offset lies in a handler: marks there are what ends a script that catches everything.</summary>
    public bool IsInHandler(int offset)
    {
        foreach (ExceptionRegion region in regions)
        {
            if (offset >= region.HandlerOffset && offset < region.HandlerOffset + region.HandlerLength)
                return true;
        }

        return false;
    }

    /// <summary>Whether an offset lies in a filter: nobody sees what one throws, and an exception that passes by one comes from elsewhere.</summary>
    public bool IsInFilter(int offset)
    {
        foreach (ExceptionRegion region in regions)
        {
            if (region.Kind == ExceptionRegionKind.Filter && offset >= region.FilterOffset && offset < region.HandlerOffset)
                return true;
        }

        return false;
    }

    /// <summary>Whether an instruction leaves a handler that keeps its numbers.</summary>
    public bool PutsNumbersBack(Instruction instruction) =>
        instruction.Code is ILOpCode.Endfinally or ILOpCode.Rethrow && ThatKeepsItsNumbers(instruction.Offset, entry: false) is not null;

    /// <summary>The innermost handler that an instruction lies in, if it keeps the numbers that it found on its stack.</summary>
    /// <param name="offset">The instruction's.</param>
    /// <param name="entry">Whether it must be the handler's first.</param>
    public ExceptionRegion? ThatKeepsItsNumbers(int offset, bool entry)
    {
        ExceptionRegion? innermost = null;
        foreach (ExceptionRegion region in regions)
        {
            if (offset >= region.HandlerOffset && offset < region.HandlerOffset + region.HandlerLength
                && (innermost is not { } best || region.HandlerLength < best.HandlerLength))
            {
                innermost = region;
            }
        }

        return innermost is { } found && (!entry || found.HandlerOffset == offset) && CanKeepItsNumbers(found) ? found : null;
    }

    private bool CanKeepItsNumbers(ExceptionRegion handler)
    {
        int end = handler.HandlerOffset + handler.HandlerLength;
        // Into a try block nothing may be taken on the stack.
        foreach (ExceptionRegion other in regions)
        {
            if (other.TryOffset >= handler.HandlerOffset && other.TryOffset < end)
                return false;
        }

        if (handler.Kind is ExceptionRegionKind.Finally or ExceptionRegionKind.Fault)
            return true;

        // The exception lies on the stack at first; a block that does not take it off at once is left alone.
        return instructions.Exists(instruction =>
                instruction.Code == ILOpCode.Rethrow && instruction.Offset >= handler.HandlerOffset && instruction.Offset < end)
            && instructions.Find(instruction => instruction.Offset == handler.HandlerOffset).Code
                is ILOpCode.Pop or ILOpCode.Stloc_0 or ILOpCode.Stloc_1 or ILOpCode.Stloc_2 or ILOpCode.Stloc_3 or ILOpCode.Stloc_s or ILOpCode.Stloc;
    }
}
