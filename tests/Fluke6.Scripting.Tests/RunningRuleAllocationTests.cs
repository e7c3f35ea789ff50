using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Scripting.Tests;

/// <summary>Alone: a garbage collection that another test sets off counts as an allocation here.</summary>
[Collection("alone")]
public sealed class RunningRuleAllocationTests
{
    [Fact]
    public void LoggingAndAChainOfRulesAllocateNothing()
    {
        const int Window = 100_000, Windows = 100;
        using var live = new ScriptedBridge();
        live.Folder.Write("10-first.csx", """
            long seen, allocated;
            Verdict Apply(ref Frame frame)
            {
                if (++seen % 100_000 == 1)
                    allocated = GC.GetAllocatedBytesForCurrentThread();
                else if (seen % 100_000 == 0)
                    Log((GC.GetAllocatedBytesForCurrentThread() - allocated).ToString());
                return Verdict.Continue;
            }
            """);
        live.Folder.Write("20-edit.csx", """
            Verdict Apply(ref Frame frame)
            {
                if (frame.TryGetUdp(out var udp) && frame.TryGetIpv4(out var ip))
                    ip.TimeToLive--;
                return Verdict.Continue;
            }
            """);
        live.Folder.Write("30-log.csx", """
            int seen;
            void Apply(ref Frame frame)
            {
                if (++seen % 100 == 0 && frame.TryGetIpv4(out var ip))
                    Log($"{seen,6} {ip.Source} {frame.From} {frame.HasPartialChecksum} {seen:x4}");
            }
            """);
        live.Rules.LoadAll();
        var buffers = new FrameBuffer(new FrameUndo());
        var faults = new RuleFaults(FaultPolicy.Pass, 16, live.Bridge.Journal);
        RuleCall call = live.Bridge.Services.ClaimThread();

        // Code that is not optimised yet boxes what it formats, and on a busy machine the optimiser comes late: a steady state is a whole
        // window of frames without an allocation.
        var notes = new List<LogNote>();
        for (int window = 0; window < Windows && !notes.Any(note => note.Rule == "10-first" && note.Message == "0"); window++)
        {
            for (int i = 0; i < Window; i++)
            {
                buffers.Load(RunningRuleTests.Datagram, LinkType.Ethernet, Side.Left);
                if (live.Bridge.Chain.Run(buffers, call, 0, faults) != Verdict.Continue)
                    Assert.Fail("a rule ended the chain");
            }

            notes.AddRange(live.Notes.OfType<LogNote>());
        }

        Assert.Contains(notes, note => note.Rule == "10-first" && note.Message == "0");
        Assert.Contains(notes, note => note.Message == "   100 192.0.2.1 Left False 0064");
    }
}
