using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Fluke6.Scripting.Hints;

/// <summary>
/// Says what to write, where the compiler only says what it cannot take. The first hint that knows an answer is added to the compiler's
/// message.
/// </summary>
internal static class DiagnosticHints
{
    private static readonly Func<Mistake, string?>[] s_hints =
    [
        SlipHint.For, MethodHint.For, PlaceHint.For, ConditionHint.For, ForeignWordHint.For, FrameVerbHint.For,
        PayloadHint.For, GuardHint.For, LogHint.For, MemberHint.For, AddressHint.For, OptionsHint.For, EnumHint.For, VerdictHint.For,
        NamespaceHint.For, BareNameHint.For, TextHint.For, NumberHint.For, AsyncHint.For, BytesHint.For, TextOfViewHint.For, KeptViewHint.For,
        CallHint.For,
    ];

    /// <summary>The advice; null if no hint knows any.</summary>
    public static string? For(Diagnostic diagnostic, CSharpCompilation compilation)
    {
        if (diagnostic.Severity != DiagnosticSeverity.Error || diagnostic.Location.SourceTree is not { } tree)
            return null;

        if (ForeignSyntaxHint.For(diagnostic, tree) is { } foreign)
            return foreign;

        SyntaxNode node = tree.GetRoot().FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
        var mistake = new Mistake(diagnostic.Id, diagnostic.Location.SourceSpan.Start, node, compilation.GetSemanticModel(tree), compilation);
        foreach (Func<Mistake, string?> hint in s_hints)
        {
            if (hint(mistake) is { } found)
                return found;
        }

        return null;
    }
}
