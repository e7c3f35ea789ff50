using Fluke6.Frames;
using Fluke6.Wire;
using Microsoft.CodeAnalysis;
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
        string value = access.Parent is AssignmentExpressionSyntax assignment && assignment.Left == access ? $"{assignment.Right}" : "...";
        if (SymbolEqualityComparer.Default.Equals(type, mistake.Find(typeof(TcpOptions))))
            return $"write frame.{nameof(Frame.SetTcpOption)}({index}, [{value}])";

        return IsPayload(mistake, access.Expression) ? $"write frame.{nameof(Frame.WritePayload)}({index}, [{value}])"
            : "this view is for reading; the setters of headers and the frame's methods write, and keep checksums right";
    }

    // frame.Payload = ...
    private static string? Whole(Mistake mistake) =>
        mistake.Node.FirstAncestorOrSelf<MemberAccessExpressionSyntax>() is { Parent: AssignmentExpressionSyntax assignment } access
        && IsPayload(mistake, access) ? $"write frame.{nameof(Frame.ReplacePayload)}({assignment.Right})" : null;

    private static bool IsPayload(Mistake mistake, ExpressionSyntax expression) =>
        mistake.Model.GetSymbolInfo(expression) is var info
        && (info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is IPropertySymbol { Name: nameof(Frame.Payload) } property
        && SymbolEqualityComparer.Default.Equals(property.ContainingType, mistake.Find(typeof(Frame)));
}
