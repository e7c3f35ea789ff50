namespace Fluke6.Rules;

/// <summary>
/// A filter in libpcap's language, with libpcap's exact meaning: pcap-filter(7). Unlike named guards it may be narrower than the views.
/// </summary>
/// <param name="text">As a rule writes it.</param>
/// <param name="ethernet">The program for frames that begin with an Ethernet header.</param>
/// <param name="ip">The program for frames that begin with an IP header.</param>
internal sealed class TextGuard(string text, FilterInstruction[] ethernet, FilterInstruction[] ip) : Guard(1)
{
    public FilterInstruction[] Ethernet => ethernet;

    public FilterInstruction[] Ip => ip;

    /// <inheritdoc/>
    public override string ToString() => $"\"{text}\"";
}

/// <summary>
/// An instruction of the machine that filters are programs for: <c>struct bpf_insn</c>. McCanne and Jacobson, "The BSD Packet Filter",
/// 1993.
/// </summary>
/// <param name="Code">What to do.</param>
/// <param name="IfTrue">How many instructions a jump passes over if it is taken.</param>
/// <param name="IfFalse">How many if it is not.</param>
/// <param name="Number">A number, an offset, or a place in memory.</param>
internal readonly record struct FilterInstruction(ushort Code, byte IfTrue, byte IfFalse, uint Number);
