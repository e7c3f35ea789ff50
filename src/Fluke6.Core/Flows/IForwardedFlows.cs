namespace Fluke6.Flows;

/// <summary>The flows of which the kernel forwards frames, as it counts them. One thread at a time.</summary>
internal interface IForwardedFlows
{
    /// <summary>How many fit; frames of others come to the bridge.</summary>
    int Capacity { get; }

    /// <summary>Reads the next flows, from the first after the last.</summary>
    /// <param name="keys">The flows.</param>
    /// <param name="figures">What was forwarded of each.</param>
    /// <returns>Whether there are more before the first comes again.</returns>
    bool ReadNext(out ReadOnlySpan<FlowKey> keys, out ReadOnlySpan<ForwardedFigures> figures);

    /// <summary>Reads a flow's; false if there are none.</summary>
    bool TryRead(in FlowKey key, out ForwardedFigures figures);

    /// <summary>Rules let go of a flow: guards of theirs do not count for it.</summary>
    /// <param name="key">The flow.</param>
    /// <param name="rules">All of them, by their numbers; 0 for none any more.</param>
    void Release(in FlowKey key, ulong rules);

    /// <summary>Takes a flow out, whose next frame begins anew; false if it is not there.</summary>
    bool TryTake(in FlowKey key, out ForwardedFigures figures);
}
