namespace Fluke6.Wire;

/// <summary>The enumerator of a list in a header or a message, such as its options.</summary>
internal interface IOptionWalk
{
    /// <summary>Whether the walk ended at a part that cannot be as long as it says, or does not say so.</summary>
    bool IsMalformed { get; }

    /// <summary>Goes to the next part; false after the last or where one is malformed.</summary>
    bool MoveNext();
}

/// <summary>The enumerator of a list of parts of one type.</summary>
internal interface IOptionWalk<TPart> : IOptionWalk
    where TPart : struct, allows ref struct
{
    /// <summary>The part at hand.</summary>
    TPart Current { get; }
}

/// <summary>A part of a list that says by a number what it is.</summary>
internal interface INumberedOption<in TNumber>
    where TNumber : struct, Enum
{
    /// <summary>Whether it is what this number stands for.</summary>
    bool Is(TNumber number);
}

/// <summary>Reads a part as what it is; false if it is something else.</summary>
internal delegate bool OptionReader<in TPart, TFound>(TPart part, out TFound found)
    where TPart : struct, allows ref struct
    where TFound : struct, allows ref struct;

/// <summary>What every list of options can be asked, whatever it is a list of.</summary>
internal static class OptionWalk
{
    /// <summary>Whether a walk through all of the list ends early.</summary>
    public static bool IsMalformed<TWalk>(TWalk walk)
        where TWalk : struct, IOptionWalk, allows ref struct
    {
        while (walk.MoveNext())
        {
        }

        return walk.IsMalformed;
    }

    /// <summary>The first part with a number.</summary>
    public static bool TryGet<TWalk, TPart, TNumber>(TWalk walk, TNumber number, out TPart part)
        where TWalk : struct, IOptionWalk<TPart>, allows ref struct
        where TPart : struct, INumberedOption<TNumber>, allows ref struct
        where TNumber : struct, Enum
    {
        while (walk.MoveNext())
        {
            part = walk.Current;
            if (part.Is(number))
                return true;
        }

        part = default;
        return false;
    }

    /// <summary>The first part that can be read as something.</summary>
    public static bool TryRead<TWalk, TPart, TFound>(TWalk walk, OptionReader<TPart, TFound> read, out TFound found)
        where TWalk : struct, IOptionWalk<TPart>, allows ref struct
        where TPart : struct, allows ref struct
        where TFound : struct, allows ref struct
    {
        while (walk.MoveNext())
        {
            if (read(walk.Current, out found))
                return true;
        }

        found = default;
        return false;
    }
}
