using Fluke6.Command;
using Fluke6.Command.Streams;
using Fluke6.Command.Supervision;
using Fluke6.Dashboard.Terminals;
using Fluke6.Scripting;

// Before anything that needs another library.
return ResourceLimits.AreEnough() ? Start(args) : ExitCode.Failed;

static int Start(string[] arguments)
{
    StandardStreams.Open();
    if (Handover.Received.HasTerminal)
        TerminalState.Claim();
    if (Handover.Received.IsWitness)
        return Witness.Tell(Handover.Received);

    RuleConsole.Install();
    StrayExceptions.Install();
    return ProcessEnd.Within(ProcessEnd.Patience, CommandLine.Run(arguments));
}
