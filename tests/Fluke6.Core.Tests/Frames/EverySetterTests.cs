using System.Reflection;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>Setters of views in what UDP and TCP carry: the checksum stays right, and the frame can be put back.</summary>
public sealed class EverySetterTests
{
    public static TheoryData<string> Samples => ["DHCPv4", "DHCPv6", "DHCPv6 relay", "TLS", "TLS in records"];

    [Theory]
    [MemberData(nameof(Samples))]
    public void ChecksumFollowsAndTheFrameCanBePutBack(string sample)
    {
        int changed = 0;
        foreach (ViewPath path in ViewPath.Of(() => FramesWithEveryView.Load(sample)))
        {
            // Setters of the headers around it have tests of their own.
            foreach (MethodInfo setter in path.Members.Where(member => IsSetter(member) && IsOfMessage(path.View)))
            {
                FrameBuffer buffer = FramesWithEveryView.Load(sample);
                Assert.True(path.Run(buffer, () => { }, setter), $"{path}.{setter.Name}");
                Assert.True(FrameCheck.Read(buffer).ChecksumError == 0, $"{path}.{setter.Name} leaves the checksum wrong");
                if (!buffer.Octets.SequenceEqual(FramesWithEveryView.All[sample]))
                    changed++;
                buffer.Undo();
                Assert.True(buffer.Octets.SequenceEqual(FramesWithEveryView.All[sample]), $"{path}.{setter.Name} cannot be undone");
            }
        }

        Assert.True(changed >= 2, $"only {changed} setters changed anything");
    }

    private static bool IsSetter(MethodInfo member) => member.Name.StartsWith("set_", StringComparison.Ordinal);

    private static bool IsOfMessage(Type view) =>
        view.Name.StartsWith("Dhcp", StringComparison.Ordinal) || view.Name.StartsWith("Tls", StringComparison.Ordinal);
}
