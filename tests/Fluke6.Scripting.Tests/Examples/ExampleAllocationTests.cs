namespace Fluke6.Scripting.Tests.Examples;

/// <summary>
/// No example allocates unless its test says so, once the runtime has optimised what it calls: library code that formats numbers boxes them until then. That
/// happens in the background, when nothing new is compiled; so these tests run alone.
/// </summary>
[Collection("alone")]
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class ExampleAllocationTests
{
    public static TheoryData<string> Examples => [.. GoldenFrames.Examples];

    [Theory]
    [MemberData(nameof(Examples))]
    public void AllocatesNothing(string example)
    {
        foreach (GoldenFrames golden in GoldenFrames.Of(example).Where(golden => !golden.Allocates))
        {
            using var rule = new LoadedExample(example, golden.Parameters);
            long end = Environment.TickCount64 + 60_000, allocated;
            do
                allocated = AllocatedIn(1000, rule, golden);
            while (allocated > 0 && Environment.TickCount64 < end);
            Assert.Equal(0, allocated);
        }
    }

    private static long AllocatedIn(int runs, LoadedExample rule, GoldenFrames golden)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < runs; i++)
            rule.RunAfterFirst(golden, golden.In);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
