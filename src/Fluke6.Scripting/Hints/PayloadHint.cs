using Fluke6.Frames;
using Fluke6.Wire;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>A payload or an option that is assigned to: the frame's methods do that, and keep lengths and checksums right.</summary>
internal static class PayloadHint
{
    /// <summary>frame.WritePayload(0, [65]).</summary>
    public static string? For(Mistake mistake)
    {
        if (mistake.Id is not ("CS8331" or "CS0200" or "CS0021" or "CS0131" or "CS1612")
            || mistake.Node.FirstAncestorOrSelf<ElementAccessExpressionSyntax>() is not { } access)
        {
            return mistake.Id is "CS0200" ? Whole(mistake) : null;
        }

        ITypeSymbol? type = mistake.TypeOf(access.Expression);
        string index = access.ArgumentList.Arguments.ToString();
        bool isWritten = access.Parent is AssignmentExpressionSyntax { Left: var left } && left == access;
        string value = isWritten ? $"{((AssignmentExpressionSyntax)access.Parent!).Right}" : "...";
        if (!isWritten && OptionsHint.Walk(access.Expression, type) is { } walk)
            return walk;
        if (SymbolEqualityComparer.Default.Equals(type, mistake.Find(typeof(TcpOptions))))
            return $"write frame.{nameof(Frame.SetTcpOption)}({index}, [{value}])";
        if (IsPayload(mistake, access.Expression))
            return $"write frame.{nameof(Frame.WritePayload)}({index}, [{value}])";

        return BytesOf(mistake, access.Expression, type) is { } frame
            ? $"write {frame}.{(isWritten ? nameof(Frame.Edit) + "()" : nameof(Frame.Octets))}[{index}]; after Edit() checksums are yours to put right"
            : "this view is for reading; the setters of headers and the frame's methods write, and keep checksums right";
    }

    // frame.Payload = ...
    private static string? Whole(Mistake mistake) =>
        mistake.Node.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is { Parent: AssignmentExpressionSyntax assignment } access
        && IsPayload(mistake, access) ? $"write frame.{nameof(Frame.ReplacePayload)}({Bytes(mistake, assignment.Right)})" : null;

    private static string Bytes(Mistake mistake, ExpressionSyntax value) =>
        mistake.TypeOf(value)?.SpecialType != SpecialType.System_String ? $"{value}"
        : value.IsKind(SyntaxKind.StringLiteralExpression) ? $"{value}u8" : $"Encoding.UTF8.GetBytes({value})";

    // frame[14]; frame.Octets[14] = 5.
    private static string? BytesOf(Mistake mistake, ExpressionSyntax bytes, ITypeSymbol? type)
    {
        INamedTypeSymbol? frame = mistake.Find(typeof(Frame));
        if (SymbolEqualityComparer.Default.Equals(type, frame))
            return $"{bytes}";

        return bytes is MemberAccessExpressionSyntax { Name.Identifier.ValueText: nameof(Frame.Octets), Expression: var whole }
            && SymbolEqualityComparer.Default.Equals(mistake.TypeOf(whole), frame) ? $"{whole}" : null;
    }

    private static bool IsPayload(Mistake mistake, ExpressionSyntax expression) =>
        mistake.Model.GetSymbolInfo(expression) is var info
        && (info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is IPropertySymbol { Name: nameof(Frame.Payload) } property
        && SymbolEqualityComparer.Default.Equals(property.ContainingType, mistake.Find(typeof(Frame)));
}
