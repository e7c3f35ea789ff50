using System.Net;
using Fluke6.Bridging;
using Fluke6.Captures;
using Fluke6.Scripting.Files;

namespace Fluke6.Command;

/// <summary>The values of the options that commands share.</summary>
internal sealed record RuleArguments
{
    /// <summary>Rules and folders of rules, in order.</summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>The parameters that <c>--set</c> gave.</summary>
    public required IReadOnlyDictionary<string, string> Parameters { get; init; }

    /// <summary>Whose rules are run.</summary>
    public required FileTrust Trust { get; init; }

    /// <summary>Whether the report is JSON lines.</summary>
    public required bool JsonReport { get; init; }

    /// <summary>Whether the report has a line for each interval; otherwise it says what happens, and the summary.</summary>
    public required bool Statistics { get; init; }

    /// <summary>How often to report statistics.</summary>
    public required TimeSpan StatisticsInterval { get; init; }

    /// <summary>Whether to show the dashboard instead of a report, until the end.</summary>
    public required bool Dashboard { get; init; }

    /// <summary>How long to run; null for until told to stop.</summary>
    public required TimeSpan? Duration { get; init; }

    /// <summary>Whether frames travel as super-segments with partial checksums.</summary>
    public required bool Offload { get; init; }

    /// <summary>Whether the kernel is to forward what no rule asks for: where it can, never, or else nothing is bridged.</summary>
    public required FastPathChoice FastPath { get; init; }

    /// <summary>Whether the kernel forwards every frame, past the rules, when the bridge's process has gone.</summary>
    public required bool OpensOnExit { get; init; }

    /// <summary>Why the kernel is not to forward what no rule asks for; null if it is, where it can.</summary>
    public string? NoFastPath => FastPath == FastPathChoice.Off ? "--fast-path off" : null;

    /// <summary>The file to capture to from the start; null for none.</summary>
    public required string? Capture { get; init; }

    /// <summary>Which frames to capture, in libpcap's language; null for all.</summary>
    public string? CaptureFilter { get; init; }

    /// <summary>Where Prometheus may ask for metrics; null for nowhere.</summary>
    public IPEndPoint? Metrics { get; init; }

    /// <summary>How many files the capture may take, and how long ones; null for one of any length.</summary>
    public FileRingSize? CaptureRing { get; init; }

    /// <summary>Where the capture ends by itself.</summary>
    public CaptureLimit CaptureLimit { get; init; } = CaptureLimit.None;

    /// <summary>How many flows to report: in each JSON object, or in the summary; null for as many as the report likes.</summary>
    public required int? ReportedFlows { get; init; }

    /// <summary>Whether to start another bridge when one ends by itself.</summary>
    public required bool Supervise { get; init; }

    /// <summary>Whether the bridge keeps all rights that the command was started with.</summary>
    public required bool KeepPrivileges { get; init; }

    /// <summary>How the bridge treats faults, and how many flows it keeps.</summary>
    public required BridgeOptions Bridge { get; init; }
}

/// <summary>Whether the kernel forwards what no rule asks for.</summary>
internal enum FastPathChoice : byte
{
    /// <summary>Where it can.</summary>
    Auto,

    /// <summary>Never.</summary>
    Off,

    /// <summary>If it cannot at the start, the command fails.</summary>
    Require,
}
