using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary><c>Apply</c> that wants to wait, while frames queue up.</summary>
internal static class AsyncHint
{
    /// <summary>Said of such an <c>Apply</c>.</summary>
    public const string CannotWait =
        "Apply cannot wait, since all frames would: use After or Every for what comes later, or a task that hands its result to Post";

    /// <summary>Use After, Every or Post.</summary>
    public static string? For(Mistake mistake)
    {
        if (mistake.Id is not ("CS1988" or "CS4012" or "CS4032" or "CS4033" or "CS4034" or "CS1983"))
            return null;

        return mistake.Node.AncestorsAndSelf().OfType<MethodDeclarationSyntax>().Any(method =>
            method.Identifier.ValueText == RuleContract.MethodName || method.Modifiers.Any(SyntaxKind.AsyncKeyword)) ? CannotWait : null;
    }
}
