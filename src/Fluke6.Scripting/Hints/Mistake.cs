using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>An error of the compiler, and what it is about.</summary>
/// <param name="Id">Such as CS1061.</param>
/// <param name="Node">The innermost piece of the script that the error points at.</param>
/// <param name="Model">What the script's names mean.</param>
/// <param name="Compilation">The whole.</param>
internal sealed record Mistake(string Id, SyntaxNode Node, SemanticModel Model, CSharpCompilation Compilation)
{
    /// <summary>The type of an expression; null if it has none.</summary>
    public ITypeSymbol? TypeOf(ExpressionSyntax? expression) =>
        expression is null ? null : Model.GetTypeInfo(expression).Type is { TypeKind: not TypeKind.Error } type ? type : null;

    /// <summary>What the expression is to become, where it is assigned, initialises or is passed on; null if not known.</summary>
    public ITypeSymbol? TargetOf(ExpressionSyntax expression)
    {
        if (Model.GetTypeInfo(expression).ConvertedType is { TypeKind: not TypeKind.Error } converted
            && !SymbolEqualityComparer.Default.Equals(converted, TypeOf(expression)))
        {
            return converted;
        }

        return expression.Parent switch
        {
            AssignmentExpressionSyntax assignment when assignment.Right == expression => TypeOf(assignment.Left),
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent: VariableDeclarationSyntax declaration } } =>
                TypeOf(declaration.Type),
            _ => null,
        };
    }

    /// <summary>A type of Fluke6; null if there is none.</summary>
    public INamedTypeSymbol? Find(Type type) => Compilation.GetTypeByMetadataName(type.FullName!);
}
