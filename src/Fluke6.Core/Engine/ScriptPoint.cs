namespace Fluke6.Engine;

/// <summary>A statement of a script.</summary>
/// <param name="File">The script, or what it loads, as an absolute path.</param>
/// <param name="Line">Where the statement begins, from 1.</param>
/// <param name="Column">Where the statement begins, from 1.</param>
/// <param name="Method">The metadata token of the method that the statement was compiled into.</param>
/// <param name="Slot">Which of the script's methods that is, from 0.</param>
/// <param name="Inlined">Whether that method may be compiled into its callers, and then has no stack frame.</param>
internal readonly record struct ScriptPoint(string File, int Line, int Column, int Method, int Slot, bool Inlined)
{
    /// <summary>File and line, such as <c>10-x.csx:4</c>.</summary>
    public override string ToString() => $"{Path.GetFileName(File)}:{Line}";
}
