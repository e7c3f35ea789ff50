namespace Fluke6.Core.Tests;

/// <summary>
/// Tests that count allocations run alone: a garbage collection that another test sets off ends this thread's allocation context, whose
/// unused octets then count as allocated.
/// </summary>
[CollectionDefinition("allocations", DisableParallelization = true)]
public sealed class AllocationCollection
{
}
