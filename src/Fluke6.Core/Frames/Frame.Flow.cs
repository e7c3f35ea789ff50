namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>The flow that the frame belongs to, an inner frame to that of the frame around it: its figures, and the rule's state of it.</summary>
    public readonly Flow Flow => new(Buffer.Outermost.Flow);
}
