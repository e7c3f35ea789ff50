namespace Fluke6.Wire;

/// <summary>An identity association: the addresses of one interface (IA_NA, IA_TA), or prefixes (IA_PD). RFC 8415 §21.4, §21.5, §21.21.</summary>
public readonly ref struct Dhcpv6Association : ISpanFormattable
{
    private const int Start = Dhcpv6Option.HeaderLength, LengthOfTemporary = 4, LengthOfOthers = 12;

    private readonly PayloadPart _option;    // code and length included

    internal Dhcpv6Association(PayloadPart option) => _option = option;

    /// <summary>Which of the three.</summary>
    public Dhcpv6OptionCode Code => (Dhcpv6OptionCode)_option.UInt16(0);

    /// <summary>IAID: which one of the client's.</summary>
    public uint Identifier { get => _option.UInt32(Start); set => _option.Set(Start, value); }

    /// <summary>T1: after how many seconds the client asks its server again; 0 of IA_TA, where setting it does nothing.</summary>
    public uint RenewAfter
    {
        get => HasTimes ? _option.UInt32(Start + 4) : 0;
        set
        {
            if (HasTimes)
                _option.Set(Start + 4, value);
        }
    }

    /// <summary>T2: after how many seconds the client asks any server; 0 of IA_TA, where setting it does nothing.</summary>
    public uint RebindAfter
    {
        get => HasTimes ? _option.UInt32(Start + 8) : 0;
        set
        {
            if (HasTimes)
                _option.Set(Start + 8, value);
        }
    }

    /// <summary>The options in it: addresses or prefixes, and how it went.</summary>
    public Dhcpv6Options Options => new(_option.Slice(Start + (HasTimes ? LengthOfOthers : LengthOfTemporary)));

    internal static bool IsValid(Dhcpv6OptionCode code, int length) => code switch
    {
        Dhcpv6OptionCode.IdentityAssociation or Dhcpv6OptionCode.PrefixDelegation => length >= LengthOfOthers,
        Dhcpv6OptionCode.TemporaryAssociation => length >= LengthOfTemporary,
        _ => false,
    };

    private bool HasTimes => Code != Dhcpv6OptionCode.TemporaryAssociation;

    /// <summary>In one line: its identifier, and the options in it.</summary>
    public override string ToString() => HeaderText.Of(this);

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var line = new LineWriter(destination);
        HeaderText.Write(ref line, this);
        charsWritten = line.Length;
        return line.Complete;
    }
}
