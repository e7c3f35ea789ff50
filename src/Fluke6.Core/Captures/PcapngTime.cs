namespace Fluke6.Captures;

/// <summary>How one interface of a pcapng counts time. draft-ietf-opsawg-pcapng §4.2, if_tsresol and if_tsoffset.</summary>
internal readonly struct PcapngTime
{
    /// <summary>if_tsresol unless the interface says otherwise: microseconds.</summary>
    public const byte DefaultResolution = 6;

    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly ulong _multiplier;
    private readonly ulong _divisor;
    private readonly int _shift;
    private readonly Int128 _offset;    // in nanoseconds

    /// <summary>The times of one interface.</summary>
    /// <param name="resolution">if_tsresol: a second has 10 units, or with the highest bit set 2, to the power of the rest.</param>
    /// <param name="offset">if_tsoffset: seconds to add.</param>
    public PcapngTime(byte resolution, long offset)
    {
        const int MaxPowerOfTen = 19;   // that 64 bits hold; units so small are of no nanosecond
        (_multiplier, _divisor) = (1, 1);
        if ((resolution & 0x80) != 0)
            (_multiplier, _shift) = (NanosecondsPerSecond, resolution & 0x7F);
        else if (resolution <= 9)
            _multiplier = PowerOfTen(9 - resolution);
        else
            _divisor = PowerOfTen(Math.Min(resolution - 9, MaxPowerOfTen));
        _offset = (Int128)offset * NanosecondsPerSecond;
    }

    /// <summary>Nanoseconds since 1970, UTC.</summary>
    /// <param name="units">The packet's timestamp.</param>
    /// <param name="nanoseconds">The time.</param>
    /// <returns>False if it is before 1970 or after 2262.</returns>
    public bool TryConvert(ulong units, out long nanoseconds)
    {
        // Both of them, and their sum, take less than 96 bits.
        Int128 time = (Int128)((UInt128)units * _multiplier / _divisor >> _shift) + _offset;
        nanoseconds = (long)(ulong)(UInt128)time;
        return time >= 0 && time <= long.MaxValue;
    }

    private static ulong PowerOfTen(int exponent)
    {
        ulong power = 1;
        for (; exponent > 0; exponent--)
            power *= 10;
        return power;
    }
}
