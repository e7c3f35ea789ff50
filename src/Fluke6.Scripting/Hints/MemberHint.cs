using Fluke6.Frames;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>
/// A member that a type does not have: the one that has nearly this name, the one that other libraries call so, or the one of another
/// header, of the frame, or of the rule.
/// </summary>
internal static class MemberHint
{
    /// <summary>Did you mean ...</summary>
    public static string? For(Mistake mistake)
    {
        // CS0176 points at the whole of tcp.Flags.Syn.
        SimpleNameSyntax? name = (mistake.Node as MemberAccessExpressionSyntax)?.Name ?? mistake.Node.FirstAncestorOrSelf<SimpleNameSyntax>();
        if (mistake.Id is not ("CS1061" or "CS0117" or "CS0176") || name is null)
            return null;

        ExpressionSyntax? receiver = (name.Parent as MemberAccessExpressionSyntax)?.Expression;
        ITypeSymbol? type = name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name =>
                mistake.TypeOf(receiver) ?? mistake.Model.GetSymbolInfo(access.Expression).Symbol as ITypeSymbol,
            MemberBindingExpressionSyntax { Parent.Parent: ConditionalAccessExpressionSyntax access } => mistake.TypeOf(access.Expression),
            AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax { Parent: ExpressionSyntax made } } => mistake.TypeOf(made),
            _ => null,
        };
        if (type is null)
            return null;

        string wanted = name.Identifier.ValueText;
        return Is(type, mistake, typeof(Frame)) ? OfFrame(mistake, wanted, type)
            : type.IsRefLikeType ? OfView(mistake, name, type)
            : OfField(mistake, wanted, receiver) ?? DidYouMean(wanted, type)
                ?? (SimilarName.Containing(wanted, Mistake.NamesOf(type)) is { } longer ? $"did you mean '{longer}'?" : null);
    }

    // frame.Tcp; frame.Drop(); frame.Send(...); frame.SourcePort.
    private static string? OfFrame(Mistake mistake, string wanted, ITypeSymbol frame)
    {
        if (FrameViews.Getter(mistake, wanted) is { } getter)
            return $"write {getter}, which returns false for other frames";
        if (DidYouMean(wanted, frame) is { } similar)
            return similar;
        if (mistake.Find(typeof(RuleGlobals)) is { } globals && SimilarName.Exact(wanted, Mistake.NamesOf(globals)) is { } ofRule)
            return $"{ofRule} is the rule's: write {ofRule}(...), without 'frame.'";

        return mistake.Find(typeof(Verdict)) is { } verdict && SimilarName.Nearest(wanted, Mistake.NamesOf(verdict)) is { } said
            ? $"Apply returns what becomes of the frame: write return {verdict.Name}.{said}"
            : FrameViews.WithMember(mistake, wanted);
    }

    // tcp.Payload; tcp.SrcPort; ipv6.TimeToLive; ipv4.SourcePort.
    private static string? OfView(Mistake mistake, SimpleNameSyntax name, ITypeSymbol view)
    {
        string wanted = name.Identifier.ValueText;
        if (mistake.Find(typeof(Frame)) is { } frame && SimilarName.Exact(wanted, Mistake.NamesOf(frame)) is { } ofFrame)
            return $"{ofFrame} is the frame's: write frame.{ofFrame}";
        if (name.Parent is MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax }
            && wanted.Contains("checksum", StringComparison.OrdinalIgnoreCase))
        {
            return "checksums follow every edit by themselves: leave it out";
        }

        return DidYouMean(wanted, view)
            ?? (name.Parent is MemberAccessExpressionSyntax { Expression: var outer } ? FrameViews.WithMember(view, $"{outer}", wanted) : null)
            ?? FrameViews.WithMember(mistake, wanted);
    }

    // tcp.Flags.Syn: the view itself has it.
    private static string? OfField(Mistake mistake, string wanted, ExpressionSyntax? receiver) =>
        receiver is MemberAccessExpressionSyntax { Expression: var view } && mistake.TypeOf(view) is { IsRefLikeType: true } type
        && SimilarName.Exact(wanted, Mistake.NamesOf(type)) is { } member ? $"write {view}.{member}" : null;

    private static string? DidYouMean(string wanted, ITypeSymbol type) =>
        SimilarName.Nearest(wanted, Mistake.NamesOf(type)) is { } nearest ? $"did you mean '{nearest}'?" : null;

    private static bool Is(ITypeSymbol type, Mistake mistake, Type other) => SymbolEqualityComparer.Default.Equals(type, mistake.Find(other));
}
