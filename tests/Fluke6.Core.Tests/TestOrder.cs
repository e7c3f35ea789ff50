// One test at a time: those that count allocations share the runtime with the rest, and a collection that another test sets off ends
// this thread's allocation context, whose unused octets then count as allocated.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
