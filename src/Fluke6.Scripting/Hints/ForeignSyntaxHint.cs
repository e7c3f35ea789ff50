using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Fluke6.Scripting.Hints;

/// <summary>
/// A line in the syntax of another language: Python, Lua, C, Go, Rust. One such line is several errors to the compiler, so the advice
/// stands with the first error of a script alone.
/// </summary>
internal static partial class ForeignSyntaxHint
{
    private const string Condition = "write if (condition) and what follows in braces";

    /// <summary>write &amp;&amp; for and.</summary>
    public static string? For(Diagnostic diagnostic, SyntaxTree tree)
    {
        Diagnostic? first = tree.GetDiagnostics().FirstOrDefault(one => one.Severity == DiagnosticSeverity.Error);
        if (first is null || first.Id != diagnostic.Id || first.Location.SourceSpan != diagnostic.Location.SourceSpan)
            return null;

        TextLine line = tree.GetText().Lines.GetLineFromPosition(diagnostic.Location.SourceSpan.Start);
        // A piece in quotes is text, whatever it looks like.
        string code = Quoted().Replace(line.ToString(), "\"\"");
        return OfStart(code) ?? OfAnyPart(code);
    }

    private static string? OfStart(string code)
    {
        if (Directive().IsMatch(code))
            return "write #load \"other.csx\" for another script, #r \"library.dll\" for a library, and // before a comment";
        if (Import().IsMatch(code))
            return "C# has 'using NAMESPACE;' for that, and frames need none";
        if (Function().IsMatch(code))
            return MethodHint.Advice;
        if (Variable().Match(code) is { Success: true } variable)
            return $"write var {variable.Groups[1]} = ...;";

        return UsingVariable().IsMatch(code) ? "at the top level write var, and AtExit(() => ...) for its end" : null;
    }

    private static string? OfAnyPart(string code)
    {
        if (Address().Match(code) is { Success: true, Value: var address })
            return $"write Ipv4Address.Parse(\"{address}\"), at the top level: it need not be done for every frame";
        if (Mac().Match(code) is { Success: true, Value: var mac })
            return $"write MacAddress.Parse(\"{mac}\"), at the top level: it need not be done for every frame";
        if (Formatted().IsMatch(code))
            return "write $\"...\" for a text with {values} in it";
        if (SingleQuoted().IsMatch(code))
            return "text stands in double quotes: \"...\"";
        if (LayerInFrame().IsMatch(code))
            return "write frame.TryGetTcp(out var tcp), or TryGetUdp, TryGetIpv4 and so on, which return false for other frames";
        if (Operator().Match(code) is { Success: true, Value: var word })
            return $"write {(word == "and" ? "&&" : word == "or" ? "||" : word == "not" ? "!" : "!=")} for {word}";

        return ConditionWithoutBraces().IsMatch(code) ? Condition : PointerParameter().IsMatch(code) ? MethodHint.Advice : null;
    }

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\s*#(?!\s*(load|r|nullable|pragma|if|else|elif|endif|region|endregion|line|error|warning|define|undef)\b)|^\s*#\s*(if|define)\w")]
    private static partial Regex Directive();

    [GeneratedRegex(@"^\s*(import\s+\w|from\s+[\w.]+\s+import|require\b|use\s+\w+::)")]
    private static partial Regex Import();

    [GeneratedRegex(@"^\s*(local\s+|pub\s+)?(def|function|fn|func|fun|sub|proc)\s+\w")]
    private static partial Regex Function();

    [GeneratedRegex(@"^\s*(?:local|let|let\s+mut|my|auto|val)\s+(\w+)\s*=|^\s*(?<1>\w+)\s*:=")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^\s*using\s+var\b")]
    private static partial Regex UsingVariable();

    [GeneratedRegex(@"\b\d{1,3}(\.\d{1,3}){3}\b")]
    private static partial Regex Address();

    [GeneratedRegex(@"\b[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}\b")]
    private static partial Regex Mac();

    [GeneratedRegex("(?<![\\w$@])[fF]\"\"")]
    private static partial Regex Formatted();

    [GeneratedRegex(@"'[^'\\]{2,}'")]
    private static partial Regex SingleQuoted();

    [GeneratedRegex(@"\b\w+\s+(not\s+)?in\s+(frame|pkt|packet)\b")]
    private static partial Regex LayerInFrame();

    [GeneratedRegex(@"\b(and|or|not)\b|~=|<>")]
    private static partial Regex Operator();

    [GeneratedRegex(@"^\s*(\}\s*)?(if|elif|elsif|elseif|else|while|for)\b.*(:|\bthen)\s*$|^\s*(if|while)\s+[^(\s]")]
    private static partial Regex ConditionWithoutBraces();

    [GeneratedRegex(@"\bApply\s*\([^)]*(\*|&|:)")]
    private static partial Regex PointerParameter();
}
