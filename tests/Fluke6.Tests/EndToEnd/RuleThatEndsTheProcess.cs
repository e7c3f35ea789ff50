namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Statements that no process survives, as rules have them at the first ping.</summary>
internal static class RuleThatEndsTheProcess
{
    /// <summary>The statements, and with which status a shell sees the process end.</summary>
    public static TheoryData<string, int> Statements { get; } = new()
    {
        { "Deep(1)", 134 },
        { "Environment.FailFast(\"on purpose\")", 134 },
        { "System.Runtime.InteropServices.Marshal.WriteInt32(checked((nint)0x7FFF_0000), 0)", 134 },
        { "Environment.Exit(9)", 9 },
    };

    /// <summary>A rule that does so.</summary>
    public static string At(string statement) => $$"""
        int Deep(int depth) => Deep(depth + 1) + depth;

        Verdict Apply(ref Frame frame)
        {
            if (frame.TryGetIcmpv4(out var icmp) && icmp.IsEchoRequest)
                {{statement}};
            return Verdict.Continue;
        }
        """;
}
