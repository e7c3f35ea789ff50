namespace Fluke6.Rules;

/// <summary>
/// Which frames a rule asks for: <c>When(Guard.TcpSyn | Guard.Udp(53))</c>. It looks at a frame's own headers, over IPv4 and IPv6, behind VLAN
/// tags and extension headers; what a tunnel carries is another frame's (<see cref="Inner"/>).
/// </summary>
/// <remarks>
/// A guard is never narrower than the views: where a header that it would need is not there to be read (a fragment other than the first, a header
/// that is cut short or contradicts itself, more VLAN tags than are followed), it holds, with <c>!</c> before it, too.
/// </remarks>
public abstract partial class Guard
{
    /// <summary>How many named guards one guard may be made of.</summary>
    public const int MaxParts = 1000;

    private protected Guard(int parts)
    {
        if (parts > MaxParts)
            throw new InvalidOperationException($"a guard has at most {MaxParts:N0} parts; ask for a prefix, a whole protocol, or all frames");
        Parts = parts;
    }

    /// <summary>Of how many named guards it is made.</summary>
    internal int Parts { get; }

    /// <summary>Holds for frames that one or the other holds for.</summary>
    public static Guard operator |(Guard left, Guard right) => new GuardPair(left, right, isBoth: false);

    /// <summary>Holds for frames that both hold for.</summary>
    public static Guard operator &(Guard left, Guard right) => new GuardPair(left, right, isBoth: true);

    /// <summary>Holds for the other frames, and for those of which it cannot be told.</summary>
    public static Guard operator !(Guard guard) => guard is GuardComplement twice ? twice.Guard : new GuardComplement(guard);

    /// <summary>The guard as a rule would write it, without <c>Guard.</c> before each name.</summary>
    public abstract override string ToString();

    private static Guard AnyOf<T>(ReadOnlySpan<T> items, Func<T, Guard> guardOf)
    {
        Guard? any = null;
        foreach (T item in items)
            any = any is null ? guardOf(item) : any | guardOf(item);
        return any ?? Never;
    }
}

/// <summary>Two guards, both or either.</summary>
internal sealed class GuardPair(Guard left, Guard right, bool isBoth) : Guard(left.Parts + right.Parts)
{
    public Guard Left => left;

    public Guard Right => right;

    /// <summary>Whether both have to hold.</summary>
    public bool IsBoth => isBoth;

    /// <inheritdoc/>
    public override string ToString() => isBoth ? $"{InBoth(left)} & {InBoth(right)}" : $"{left} | {right}";

    private static string InBoth(Guard guard) => guard is GuardPair { IsBoth: false } ? $"({guard})" : $"{guard}";
}

/// <summary>The frames that a guard is known not to hold for, and those of which it cannot be told.</summary>
internal sealed class GuardComplement(Guard guard) : Guard(guard.Parts)
{
    public Guard Guard => guard;

    /// <inheritdoc/>
    public override string ToString() => guard is GuardPair ? $"!({guard})" : $"!{guard}";
}

/// <summary>A guard with a name of its own.</summary>
/// <param name="kind">Which.</param>
/// <param name="text">As a rule writes it.</param>
/// <param name="numbers">What it asks for, in the order of the method in <see cref="GuardAnswers"/> that has the kind's name.</param>
internal sealed class NamedGuard(GuardKind kind, string text, params ulong[] numbers) : Guard(1)
{
    public GuardKind Kind => kind;

    public IReadOnlyList<ulong> Numbers => numbers;

    /// <inheritdoc/>
    public override string ToString() => text;
}

/// <summary>The kinds of named guards: each is a method of <see cref="GuardAnswers"/>.</summary>
internal enum GuardKind : byte
{
    Never,
    From,
    EtherType,
    VlanTag,
    Protocol,
    TcpFlags,
    Port,
    Icmp,
    Ipv4Address,
    Ipv6Address,
    Fragment,
    ExtensionHeader,
    Teredo,
    Inner,

    /// <summary>One of some rules let go of the flow, by their numbers: no rule asks for that.</summary>
    Released,
}
