namespace Fluke6.Scripting.Positions;

/// <summary>What the just-in-time compiler is told about a method.</summary>
internal enum JitHint
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>To inline it: it would do so by itself, were it not for the marks.</summary>
    AlwaysInline,

    /// <summary>Not to inline it: code that is not the script's may call it back, and its stack frame tells the two apart.</summary>
    NeverInline,
}
