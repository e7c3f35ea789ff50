using Fluke6.Wire;

namespace Fluke6.Frames;

internal static partial class FramePrinter
{
    private static void WriteEthernet(ref LineWriter line, scoped Span<byte> frame, in Layers layers)
    {
        if (!EthernetHeader.TryRead(frame, out EthernetHeader ethernet))
            return;

        line.Write($"{ethernet.Source} > {ethernet.Destination}, ");
        EtherType type = ethernet.EtherType;
        for (int i = 0; i < layers.VlanTags; i++)
        {
            if (!VlanTag.TryRead(frame[(EthernetHeader.Length + (i * VlanTag.Length))..], out VlanTag tag))
                break;

            HeaderText.WriteVlanTag(ref line, type, tag);
            type = tag.EtherType;
        }

        HeaderText.WriteEtherType(ref line, type);
        line.Write($", length {frame.Length}: ");
    }

    private static void WriteTunnel(ref LineWriter line, scoped Span<byte> header, EtherType type)
    {
        if (type == EtherType.PppoeSession && PppoeHeader.TryRead(header, out PppoeHeader pppoe))
        {
            HeaderText.Write(ref line, pppoe);
            return;
        }

        line.Write("MPLS");
        for (int end = MplsLabel.StackLength(header); end > 0 && MplsLabel.TryRead(header, out MplsLabel label); end -= MplsLabel.Length)
        {
            line.Write(' ');
            HeaderText.Write(ref line, label);
            header = header[MplsLabel.Length..];
        }
    }
}
