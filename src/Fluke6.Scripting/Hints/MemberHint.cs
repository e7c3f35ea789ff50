using Fluke6.Frames;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>A member that a type does not have: the one that has nearly this name, or the one that other libraries call so.</summary>
internal static class MemberHint
{
    /// <summary>Did you mean ...</summary>
    public static string? For(Mistake mistake)
    {
        if (mistake.Id is not ("CS1061" or "CS0117") || mistake.Node.FirstAncestorOrSelf<SimpleNameSyntax>() is not { } name)
            return null;

        ITypeSymbol? type = name.Parent switch
        {
            MemberAccessExpressionSyntax access when access.Name == name =>
                mistake.TypeOf(access.Expression) ?? mistake.Model.GetSymbolInfo(access.Expression).Symbol as ITypeSymbol,
            MemberBindingExpressionSyntax { Parent.Parent: ConditionalAccessExpressionSyntax access } => mistake.TypeOf(access.Expression),
            AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax { Parent: ExpressionSyntax made } } => mistake.TypeOf(made),
            _ => null,
        };
        if (type is null)
            return null;

        string wanted = name.Identifier.ValueText;
        if (type.TypeKind != TypeKind.Enum && mistake.Find(typeof(Frame)) is { } frame)
        {
            // frame.Tcp; tcp.Payload.
            if (Is(type, frame) && Names(frame).FirstOrDefault(member => Same(member, "TryGet" + wanted)) is { } getter)
                return $"write {getter}(out var {wanted.ToLowerInvariant()}), which returns false for other frames";
            if (!Is(type, frame) && IsView(type) && Names(frame).FirstOrDefault(member => Same(member, wanted)) is { } ofFrame)
                return $"{ofFrame} is the frame's: write frame.{ofFrame}";
        }

        return SimilarName.Nearest(wanted, Names(type)) is { } nearest ? $"did you mean '{nearest}'?" : null;
    }

    private static bool IsView(ITypeSymbol type) => type.IsRefLikeType;

    private static bool Is(ITypeSymbol type, ITypeSymbol other) => SymbolEqualityComparer.Default.Equals(type, other);

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Names(ITypeSymbol type)
    {
        for (ITypeSymbol? declaring = type; declaring is { SpecialType: not SpecialType.System_Object }; declaring = declaring.BaseType)
        {
            foreach (ISymbol member in declaring.GetMembers())
            {
                if (member is { DeclaredAccessibility: Accessibility.Public, CanBeReferencedByName: true, IsOverride: false }
                    and (IPropertySymbol or IFieldSymbol or IMethodSymbol))
                {
                    yield return member.Name;
                }
            }
        }
    }
}
