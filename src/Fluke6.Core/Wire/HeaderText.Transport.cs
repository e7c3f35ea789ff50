namespace Fluke6.Wire;

internal static partial class HeaderText
{
    internal static void WriteTcp(ref LineWriter line, scoped TcpHeader tcp)
    {
        line.Write("Flags [");
        WriteFlags(ref line, tcp.Flags & ~TcpFlags.Reserved);
        line.Write(']');
        if (tcp.ReservedBits != 0)
            line.Write($", reserved {tcp.ReservedBits}");
        line.Write($", seq {tcp.SequenceNumber}");
        if (tcp.Ack)
            line.Write($", ack {tcp.AcknowledgmentNumber}");
        line.Write($", win {tcp.Window}");
        if (tcp.Urg)
            line.Write($", urg {tcp.UrgentPointer}");
        if (!tcp.Options.Octets.IsEmpty)
        {
            line.Write(", options [");
            TcpOptionText.Write(ref line, tcp.Options);
            line.Write(']');
        }
    }

    internal static void WriteFlags(ref LineWriter line, TcpFlags flags)
    {
        // From FIN to AE, in tcpdump's letters.
        const string letters = "FSRP.UEWe";
        if (flags == TcpFlags.None)
            line.Write("none");

        for (int bit = 0; bit < letters.Length; bit++)
        {
            if (((int)flags & (1 << bit)) != 0)
                line.Write(letters[bit]);
        }
    }
}
