using Fluke6.Frames;

namespace Fluke6.Scripting.Tests.Examples;

/// <summary>The flow of all frames, where no bridge keeps any.</summary>
internal sealed class OneFlow : FlowAtHand
{
    private readonly FlowStates _states = new();

    public override bool IsKnown => true;

    public override FlowEndpoint Source => default;

    public override FlowEndpoint Destination => default;

    public override FlowFigures Figures => default;

    public override FlowStates BeginState(out int index)
    {
        index = 0;
        return _states;
    }

    public override void EndState()
    {
    }

    public override void Release()
    {
    }
}
