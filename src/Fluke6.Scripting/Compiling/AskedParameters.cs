using System.Globalization;
using Fluke6.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Fluke6.Scripting.Compiling;

/// <summary>
/// Which parameters a script may ask for, whenever: so that a <c>--set</c> that is meant for nobody is known at the start, and what there is
/// to set without running anything.
/// </summary>
internal static class AskedParameters
{
    /// <summary>Those of its calls of <c>Param</c>, by name; null where a name is known only as the script runs.</summary>
    public static IReadOnlyList<AskedParameter>? Of(CSharpCompilation compilation)
    {
        var parameters = new SortedDictionary<string, AskedParameter>(StringComparer.Ordinal);
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            SemanticModel model = compilation.GetSemanticModel(tree);
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (name.Identifier.ValueText != nameof(RuleContext.Param))
                    continue;
                if (CallOf(name) is not { } call || Read(model, call) is not { } parameter)
                    return null;

                // Asked for twice, it is described where it is described at all.
                if (!parameters.TryGetValue(parameter.Name, out AskedParameter? other) || other.Description.Length == 0)
                    parameters[parameter.Name] = parameter;
            }
        }

        return [.. parameters.Values];
    }

    // Param(...), or Context.Param(...) in a class of the script's own.
    private static InvocationExpressionSyntax? CallOf(SimpleNameSyntax name) =>
        (name.Parent is MemberAccessExpressionSyntax member && member.Name == name ? member.Parent : name.Parent) as InvocationExpressionSyntax;

    private static AskedParameter? Read(SemanticModel model, InvocationExpressionSyntax call)
    {
        if (model.GetOperation(call) is not IInvocationOperation { TargetMethod: { TypeArguments: [var type], Parameters: [_, var second, ..] } } invocation)
            return null;

        var arguments = invocation.Arguments.ToDictionary(argument => argument.Parameter!.Name, argument => argument.Value, StringComparer.Ordinal);
        if (arguments["name"].ConstantValue is not { HasValue: true, Value: string name })
            return null;

        string typeName = type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);
        return new AskedParameter(
            name,
            second.Type is IArrayTypeSymbol ? $"{typeName},..." : typeName,
            Text(arguments["default"]),
            arguments.TryGetValue("minimum", out IOperation? minimum) ? $"{Text(minimum)} to {Text(arguments["maximum"])}" : "",
            Text(arguments["description"]));
    }

    /// <summary>A value as <c>--set</c> would be given it, as far as the text tells.</summary>
    private static string Text(IOperation value)
    {
        while (value is IConversionOperation conversion && !value.ConstantValue.HasValue)
            value = conversion.Operand;
        if (value.ConstantValue is { HasValue: true, Value: var constant })
            return constant is bool flag ? (flag ? "true" : "false") : Convert.ToString(constant, CultureInfo.InvariantCulture) ?? "";

        return value switch
        {
            IArrayCreationOperation { Initializer: { } elements } => string.Join(',', elements.ElementValues.Select(Text)),
            IArrayCreationOperation => "",
            ICollectionExpressionOperation list => string.Join(',', list.Elements.Select(Text)),
            IInvocationOperation { TargetMethod.Name: "Parse", Arguments: [{ Value: { ConstantValue: { HasValue: true, Value: string text } } }, ..] } => text,
            _ => value.Syntax.ToString(),
        };
    }
}
