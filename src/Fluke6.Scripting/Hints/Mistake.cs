using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>An error of the compiler, and what it is about.</summary>
/// <param name="Id">Such as CS1061.</param>
/// <param name="At">The place in the script's text that the error points at.</param>
/// <param name="Node">The innermost piece of the script there.</param>
/// <param name="Model">Tells the meaning of the script's names.</param>
/// <param name="Compilation">The whole.</param>
internal sealed record Mistake(string Id, int At, SyntaxNode Node, SemanticModel Model, CSharpCompilation Compilation)
{
    /// <summary>The word or sign that the error points at.</summary>
    public SyntaxToken Token => Node.SyntaxTree.GetRoot().FindToken(At);

    /// <summary>The type of an expression; null if it has none.</summary>
    public ITypeSymbol? TypeOf(ExpressionSyntax? expression) =>
        expression is null ? null : Model.GetTypeInfo(expression).Type is { TypeKind: not TypeKind.Error } type ? type : null;

    /// <summary>The type that the expression is to become, where it is assigned, initialises or is passed on; null if not known.</summary>
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

    /// <summary>The method, or the methods of one name, that a call means, whether or not it can be called so.</summary>
    /// <param name="call">A call, or the making of an object.</param>
    public IEnumerable<IMethodSymbol> MethodsOf(ExpressionSyntax call) => call switch
    {
        InvocationExpressionSyntax invocation => Model.GetMemberGroup(invocation.Expression).OfType<IMethodSymbol>(),
        BaseObjectCreationExpressionSyntax => (TypeOf(call) as INamedTypeSymbol)?.InstanceConstructors ?? [],
        _ => [],
    };

    /// <summary>The types that an argument may have, by each way to make the call that it stands in.</summary>
    public IEnumerable<ITypeSymbol> ParametersFor(ArgumentSyntax argument)
    {
        if (argument.Parent is not ArgumentListSyntax { Parent: ExpressionSyntax call } list)
            return [];

        int index = list.Arguments.IndexOf(argument);
        return MethodsOf(call).Where(method => method.Parameters.Length > index).Select(method => method.Parameters[index].Type);
    }

    /// <summary>The public members of a type.</summary>
    public static IEnumerable<string> NamesOf(ITypeSymbol type)
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

    /// <summary>A type of Fluke6; null if there is none.</summary>
    public INamedTypeSymbol? Find(Type type) => Compilation.GetTypeByMetadataName(type.FullName!);
}
