using Fluke6.Flows;
using Fluke6.Journal;
using Fluke6.Snapshots;

namespace Fluke6.Watching;

/// <summary>Makes events of what the journal says.</summary>
internal static class EventOfNote
{
    /// <summary>The event, without a number.</summary>
    public static BridgeEvent Of(JournalNote note, RuleNames names)
    {
        BridgeEvent made = note switch
        {
            LogNote log => new LogEvent { Rule = log.Rule, Message = log.Message },
            SkippedNote skipped => new SkippedEvent { Rule = skipped.Rule, Lines = skipped.Lines, Message = $"{skipped}" },
            FaultNote { Fault: var fault } => new FaultEvent { Rule = fault.Rule, Message = fault.Message, At = fault.At, Bypassed = fault.Bypassed },
            ReloadNote reload => new ReloadEvent
            {
                Rule = reload.Rule,
                Ok = reload.Ok,
                Milliseconds = reload.Ok ? Math.Round(reload.Milliseconds, 1) : null,
                Diagnostics = reload.Ok ? null : reload.Diagnostics,
                HadVersion = reload.HadVersion,
            },
            HandshakeNote handshake => Of(handshake, names),
            CaptureNote capture => new CaptureEvent { File = capture.Path, Ok = capture.Error is null, Error = capture.Error ?? "", Message = $"{capture}" },
            LoopNote loop => new LoopEvent { Frames = loop.Frames, Message = $"{loop}" },
            RestartNote restart => new RestartEvent
            {
                Reason = restart.Reason,
                Rule = restart.Rule,
                At = restart.At,
                SecondsOut = Math.Round(restart.Outage.TotalSeconds, 3),
                Restarts = restart.Restarts,
                Message = $"{restart}",
            },
            PortNote port => new PortEvent { Port = port.Side.InJson(), Name = port.Name, State = port.State.ToString().ToLowerInvariant() },
            LossNote loss => new LossEvent
            {
                Port = loss.Side.InJson(),
                Name = loss.Name,
                Counter = loss.Direction == "rx" ? "rxDropped" : "txDropped",
                Reason = loss.Reason,
                Frames = loss.Frames,
                Message = $"{loss}",
            },
            // Of a kind that has no event yet: a line is worth more than the bridge that whoever reads the journal would end.
            _ => new LogEvent { Rule = "fluke6", Message = $"{note}" },
        };
        return made with { Time = note.Time.UtcDateTime };
    }

    private static HandshakeEvent Of(HandshakeNote handshake, RuleNames names)
    {
        LedgerRecord ledger = RecordOfFlow.Of(handshake.Ledger);
        return new HandshakeEvent
        {
            Source = handshake.Flow.Source,
            Destination = handshake.Flow.Destination,
            Vlans = RecordOfFlow.Vlans(handshake.Flow.Key),
            Rules = RecordOfFlow.Rules(handshake.Flow.Rules, names),
            Syn = ledger.Syn,
            SynAck = ledger.SynAck,
            InForce = ledger.InForce,
            OneSided = ledger.OneSided,
            EndsDisagree = ledger.EndsDisagree,
        };
    }
}
