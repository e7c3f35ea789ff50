namespace Fluke6.Testing.Hosts;

/// <summary>Statements that no process survives, as rules have them at the first ping.</summary>
internal static class RuleThatEndsTheProcess
{
    /// <summary>The statements, and with which status a shell sees the process end.</summary>
    public static TheoryData<string, int> Statements { get; } = new()
    {
        { "Wide()", 134 },
        { "Environment.FailFast(\"on purpose\")", 134 },
        { "System.Runtime.InteropServices.Marshal.WriteInt32(checked((nint)0x7FFF_0000), 0)", 134 },
        { "Environment.Exit(9)", 9 },
    };

    /// <summary>Where in <see cref="At"/>, as 20-ends.csx, that happens.</summary>
    public static string[] Lines(string statement) => statement == "Wide()" ? ["20-ends.csx:1"] : ["20-ends.csx:6"];

    /// <summary>A rule that does so.</summary>
    public static string At(string statement) => $$"""
        void Wide() { Span<byte> wide = stackalloc byte[64 << 20]; wide.Clear(); }

        Verdict Apply(ref Frame frame)
        {
            if (frame.TryGetIcmpv4(out var icmp) && icmp.IsEchoRequest)
                {{statement}};
            return Verdict.Continue;
        }
        """;
}
