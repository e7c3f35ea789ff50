using Fluke6.Scripting.Hints;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Fluke6.Scripting.Compiling;

/// <summary>
/// <c>$"{frame}"</c>: C# takes no frame or view there, as these are ref structs, and says so with CS9244. Only then the script is compiled
/// once more, with <c>.ToString()</c> after each such expression; the compiler's messages still tell the columns of the text as it was
/// written.
/// </summary>
internal sealed class ViewsInText
{
    private const string ToText = ".ToString()";
    private readonly Dictionary<string, List<TextChange>> _changes = new(StringComparer.Ordinal);
    private readonly Dictionary<(string File, int Line), List<(int Column, int Length)>> _inserted = [];

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => _changes.Count == 0;

    /// <summary>Finds the places of which the compiler complained.</summary>
    public static ViewsInText Find(IEnumerable<Diagnostic> diagnostics, CSharpCompilation compilation)
    {
        var found = new ViewsInText();
        foreach (Diagnostic diagnostic in diagnostics)
        {
            if (diagnostic is not { Id: "CS9244", Location.SourceTree: { } tree })
                continue;

            SyntaxNode node = tree.GetRoot().FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            // A format is a matter between the string and the value.
            if (node.FirstAncestorOrSelf<InterpolationSyntax>() is not { FormatClause: null, Expression: { } view })
                continue;

            if (compilation.GetSemanticModel(tree).GetTypeInfo(view).Type is { IsRefLikeType: true } type && TextOfViewHint.HasText(type))
                found.Add(tree, view);
        }

        return found;
    }

    /// <summary>A file's text with the calls.</summary>
    public SourceText Apply(string file, SourceText text) =>
        _changes.TryGetValue(file, out List<TextChange>? changes) ? text.WithChanges(changes) : text;

    /// <summary>A message about the changed text, with the place in the text as it was written.</summary>
    /// <param name="diagnostic">The message.</param>
    /// <param name="file">The file that it is about, as an absolute path.</param>
    public RuleDiagnostic Restore(RuleDiagnostic diagnostic, string file)
    {
        if (!_inserted.TryGetValue((file, diagnostic.Line), out List<(int Column, int Length)>? inserted))
            return diagnostic;

        int column = diagnostic.Column;
        foreach ((int at, int length) in inserted.OrderBy(insertion => insertion.Column))
        {
            if (column > at)
                column = Math.Max(at, column - length);
        }

        return diagnostic with { Column = column };
    }

    private void Add(SyntaxTree tree, ExpressionSyntax view)
    {
        bool simple = view is SimpleNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax
            or ParenthesizedExpressionSyntax;
        if (!simple)
            Insert(tree, view.SpanStart, "(");
        Insert(tree, view.Span.End, simple ? ToText : ")" + ToText);
    }

    private void Insert(SyntaxTree tree, int position, string text)
    {
        if (!_changes.TryGetValue(tree.FilePath, out List<TextChange>? changes))
            _changes[tree.FilePath] = changes = [];
        var change = new TextChange(new TextSpan(position, 0), text);
        if (changes.Contains(change))
            return;

        changes.Add(change);
        changes.Sort((one, other) => one.Span.Start.CompareTo(other.Span.Start));
        LinePosition place = tree.GetMappedLineSpan(new TextSpan(position, 0)).StartLinePosition;
        (string, int) line = (tree.FilePath, place.Line + 1);
        if (!_inserted.TryGetValue(line, out List<(int Column, int Length)>? inserted))
            _inserted[line] = inserted = [];
        inserted.Add((place.Character + 1, text.Length));
    }
}
