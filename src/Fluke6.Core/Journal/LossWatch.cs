using System.Diagnostics.CodeAnalysis;
using Fluke6.Ports;

namespace Fluke6.Journal;

/// <summary>Looks at a port's counters for frames that are lost for a reason that was not told before. Journal's reader only.</summary>
internal sealed class LossWatch(IPort port, Side side) : IJournalSource
{
    private readonly bool[] _receiveTold = new bool[Enum.GetValues<ReceiveLoss>().Length];
    private readonly HashSet<int> _sendTold = [];
    private long _received;
    private long _sent;

    /// <inheritdoc/>
    public long Dropped => 0;

    /// <inheritdoc/>
    public bool TryRead([NotNullWhen(true)] out JournalNote? note) => (note = TakeNews()) is not null;

    private LossNote? TakeNews()
    {
        PortCounters counters = port.Counters;
        long received = counters.RxDropped, sent = counters.TxDropped;
        if (received != _received)
        {
            for (int reason = 0; reason < _receiveTold.Length; reason++)
            {
                long frames = counters.RxDroppedByReason[reason];
                if (frames == 0 || _receiveTold[reason])
                    continue;

                _receiveTold[reason] = true;
                if (port.Explain((ReceiveLoss)reason) is { Length: > 0 } advice)
                    return Note("rx", ((ReceiveLoss)reason).Name(), frames, advice);
            }

            _received = received;
        }

        if (sent != _sent)
        {
            for (int number = 0; number < counters.TxDroppedByNumber.Length; number++)
            {
                long frames = counters.TxDroppedByNumber[number];
                if (frames > 0 && _sendTold.Add(number))
                    return Note("tx", port.NameOfError(number), frames, port.ExplainRefusal(number));
            }

            _sent = sent;
        }

        return null;
    }

    private LossNote Note(string direction, string reason, long frames, string advice) => new(side, port.Name, direction, reason, frames, advice);
}
