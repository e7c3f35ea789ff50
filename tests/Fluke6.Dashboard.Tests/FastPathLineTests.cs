using Fluke6.Dashboard.Details;
using Fluke6.Dashboard.Views;
using Fluke6.Snapshots;
using Fluke6.Watching;

namespace Fluke6.Dashboard.Tests;

/// <summary>The dashboard's lines about what the kernel forwarded.</summary>
public sealed class FastPathLineTests
{
    private static readonly PortsRecord s_ports = new()
    {
        Left = new PortRecord { KernelFrames = 12_345, KernelBytes = 3_400_000_000 },
        Right = new PortRecord { KernelFrames = 7, KernelBytes = 420 },
    };

    [Theory]
    [InlineData(false, "kernel → 12.3k ← 7")]
    [InlineData(true, "kernel → 12.3k (3.40G bytes) ← 7 (420 bytes)")]
    public void FramesAreShownForEachPortAndBytesWhereThereIsRoom(bool withBytes, string expected) =>
        Assert.Equal(expected, TopPane.Kernel(s_ports, withBytes));

    [Fact]
    public void LedgerSaysOnceThatTheKernelForwardedAPartOfTheFlow()
    {
        using var test = new TestBridge(null);
        test.Handshake([2, 4, 5, 180], [2, 4, 5, 180]);
        BridgeSnapshot snapshot = new BridgePublisher(test.Bridge).Take(new SnapshotRequest { Flows = 10, Ledgers = true });
        FlowRecord flow = Assert.Single(snapshot.FlowTable!);
        Assert.DoesNotContain("the kernel forwarded", Text(flow, snapshot), StringComparison.Ordinal);
        flow = flow with { KernelFrames = 1234 };
        snapshot = snapshot with { FlowTable = [flow] };
        string text = Text(flow, snapshot);
        Assert.Equal(2, text.Split("1,234 of the frames the kernel forwarded: what was in them since is not known.").Length);
    }

    private static string Text(FlowRecord flow, BridgeSnapshot snapshot) => string.Join('\n', new FlowDetail(flow).Lines(snapshot).Select(line => line.Text));
}
