using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Fluke6.Benchmarks.Dashboard;
using Perfolizer.Horology;

// Less than the noise between two of its runs is nothing that BenchmarkDotNet can tell.
if (args is ["watch-cost", .. var rest])
{
    WatchCost.Run(pairs: rest is [var pairs] ? int.Parse(pairs) : 100);
    return;
}

// In this process rather than in one per benchmark: all of them take three minutes instead of fifteen, and nanoseconds of straight-line
// code do not differ. Two seconds of warm-up, because code is compiled three times before it is as fast as it gets.
Job job = Job.Default
    .WithToolchain(InProcessEmitToolchain.Instance)
    .WithWarmupCount(20)
    .WithIterationCount(15)
    .WithIterationTime(TimeInterval.FromMilliseconds(100));

IConfig config = ManualConfig.CreateEmpty()
    .AddJob(job)
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddLogger(ConsoleLogger.Default)
    .AddExporter(MarkdownExporter.GitHub);

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
