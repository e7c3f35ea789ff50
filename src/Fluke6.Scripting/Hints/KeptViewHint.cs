namespace Fluke6.Scripting.Hints;

/// <summary>A frame, or a view of one, that is kept for later: in a lambda, a field, a list, a task.</summary>
internal static class KeptViewHint
{
    /// <summary>Copy it.</summary>
    public static string? For(Mistake mistake) => mistake.Id switch
    {
        "CS1628" or "CS8175" or "CS9108" or "CS8345" or "CS9244" or "CS0306" or "CS0611" or "CS4007" or "CS4013" or "CS8350" or "CS8352"
            or "CS9110" or "CS9050"
            => "a frame and its views last only while Apply runs: copy what is needed later into variables before "
                + "(var bytes = frame.ToArray(); var port = tcp.SourcePort;)",
        _ => null,
    };
}
