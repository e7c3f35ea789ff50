using System.Numerics;

namespace Fluke6;

/// <summary>
/// Numbers for rules' names, so that a set of rules is one 64-bit word. A name keeps its number for the bridge's life, across reloads.
/// </summary>
internal sealed class RuleNames
{
    /// <summary>How many numbers there are. The last one stands for all names that found no number of their own.</summary>
    public const int Capacity = 64;

    private const int Others = Capacity - 1;
    private readonly string?[] _names = new string?[Capacity];

    /// <summary>The name behind a number; null if none has it yet.</summary>
    public string? this[int number] => number == Others ? "other rules" : Volatile.Read(ref _names[number]);

    /// <summary>The names of a set of rules.</summary>
    public IEnumerable<string> In(ulong rules)
    {
        for (; rules != 0; rules &= rules - 1)
        {
            if (this[BitOperations.TrailingZeroCount(rules)] is { } name)
                yield return name;
        }
    }

    /// <summary>The names of a set of rules in one text.</summary>
    public string Listed(ulong rules) =>
        BitOperations.IsPow2(rules) && this[BitOperations.TrailingZeroCount(rules)] is { } only ? only : string.Join(", ", In(rules));

    /// <summary>A name's number, given out at its first mention. Not for two threads at once.</summary>
    internal int NumberOf(string name)
    {
        for (int i = 0; i < Others; i++)
        {
            if (_names[i] is null)
                Volatile.Write(ref _names[i], name);
            if (_names[i] == name)
                return i;
        }

        return Others;
    }
}
