namespace Fluke6;

/// <summary>One of a bridge's two ports.</summary>
public enum Side : byte
{
    /// <summary>The first port on the command line.</summary>
    Left,

    /// <summary>The second port on the command line.</summary>
    Right,
}

/// <summary>Arithmetic on sides.</summary>
public static class SideExtensions
{
    /// <summary>The side across the bridge.</summary>
    public static Side Opposite(this Side side) => side ^ Side.Right;
}
