using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Fluke6.Scripting;

/// <summary>A problem of a rule's file, and its place.</summary>
/// <param name="File">The file, relative to the rule's folder.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="IsError">Whether the rule cannot run because of it; a warning otherwise.</param>
/// <param name="Id">The compiler's number, such as CS1002, or one of Fluke6's, such as FLUKE001.</param>
/// <param name="Message">The problem, in a sentence.</param>
internal sealed partial record RuleDiagnostic(string File, int Line, int Column, bool IsError, string Id, string Message)
{
    /// <summary>No usable <c>Apply</c> at the top level.</summary>
    public const string Contract = "FLUKE001";

    /// <summary>The top level threw, or did not return.</summary>
    public const string TopLevel = "FLUKE002";

    /// <summary>The file cannot be read, or is too large.</summary>
    public const string Unreadable = "FLUKE003";

    /// <summary>Another rule has the same name.</summary>
    public const string DuplicateName = "FLUKE004";

    /// <summary>A <c>#r</c> or <c>#load</c> that Fluke6 does not take.</summary>
    public const string Reference = "FLUKE005";

    /// <summary>The compiler, or the loader, failed by itself.</summary>
    public const string CompilerFailed = "FLUKE006";

    /// <summary>Versions before it left too many threads behind.</summary>
    public const string LeftBehind = "FLUKE007";

    /// <summary>A handler for the whole process.</summary>
    public const string WholeProcess = "FLUKE008";

    /// <summary>A filter in text is none, or takes less than it seems to.</summary>
    public const string Filter = "FLUKE009";

    /// <summary>A finalizer, which may keep the whole process's waiting.</summary>
    public const string Finalizer = "FLUKE010";

    /// <summary>Text that is logged as it stands although it names what was to be put in.</summary>
    public const string PlainText = "FLUKE011";

    /// <summary>As compilers print it: <c>10-x.csx(3,9): error CS1002: ; expected</c>.</summary>
    public override string ToString() => $"{File}({Line},{Column}): {(IsError ? "error" : "warning")} {Id}: {Message}";

    internal static RuleDiagnostic Error(string path, string id, string message, int line = 1, int column = 1) =>
        new(Path.GetFileName(path), line, column, IsError: true, id, message);

    /// <summary>A problem at a place in a script.</summary>
    /// <param name="place">The place.</param>
    /// <param name="rulePath">The rule's file.</param>
    /// <param name="isError">Whether the rule cannot run because of it; a warning otherwise.</param>
    /// <param name="id">One of Fluke6's numbers.</param>
    /// <param name="message">The problem, in a sentence.</param>
    internal static RuleDiagnostic At(Location place, string rulePath, bool isError, string id, string message)
    {
        FileLinePositionSpan span = place.GetMappedLineSpan();
        return !span.IsValid ? new(Path.GetFileName(rulePath), 1, 1, isError, id, message) : new(
            span.Path.Length > 0 ? FileOf(rulePath, span.Path) : Path.GetFileName(rulePath),
            span.StartLinePosition.Line + 1,
            span.StartLinePosition.Character + 1,
            isError,
            id,
            message);
    }

    /// <summary>A problem that the compiler found.</summary>
    internal static RuleDiagnostic From(Diagnostic diagnostic, string rulePath, string? hint = null) => At(
        diagnostic.Location,
        rulePath,
        diagnostic.Severity == DiagnosticSeverity.Error,
        diagnostic.Id,
        Join(diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), hint));

    // As it is named to people: seen from the rule's folder, wherever the program was started (#line may name any).
    private static string FileOf(string rulePath, string file)
    {
        string folder = Path.GetDirectoryName(rulePath)!;
        return Path.GetRelativePath(folder, Path.GetFullPath(file, folder));
    }

    // Of extension methods and missing references nobody thinks who reads what to write.
    private static string Join(string message, string? hint) =>
        hint is null ? message : $"{Extensions().Replace(message, "").TrimEnd('.')}; {hint}";

    [GeneratedRegex(@" and no accessible extension method .*$| \(are you missing an? .*\)$")]
    private static partial Regex Extensions();
}
