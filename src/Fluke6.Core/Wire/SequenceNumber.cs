namespace Fluke6.Wire;

/// <summary>Order among sequence numbers, which wrap around at 2^32. RFC 9293 §3.4.</summary>
internal static class SequenceNumber
{
    public static bool IsBefore(uint a, uint b) => (int)(a - b) < 0;

    public static bool IsAfter(uint a, uint b) => (int)(a - b) > 0;

    public static uint Earlier(uint a, uint b) => IsBefore(a, b) ? a : b;

    public static uint Later(uint a, uint b) => IsBefore(a, b) ? b : a;
}
