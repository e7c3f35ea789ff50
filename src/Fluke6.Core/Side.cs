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

    /// <summary>The same, if it is one of the two.</summary>
    /// <exception cref="ArgumentException">It is none, as after a cast from a number.</exception>
    internal static Side Checked(this Side side) =>
        side <= Side.Right ? side : throw new ArgumentException($"there is no side {(int)side}: it is Side.Left or Side.Right");
}
