using Fluke6.Frames;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Hints;

/// <summary>A name that stands alone and is nobody's: a view that was not asked for, or nearly the name of something that rules have.</summary>
internal static class BareNameHint
{
    private const int Shortest = 3;

    /// <summary>write frame.TryGetTcp(out var tcp); did you mean 'Log'?</summary>
    public static string? For(Mistake mistake)
    {
        if (mistake.Id is not ("CS0103" or "CS0246") || mistake.Node.FirstAncestorOrSelf<SimpleNameSyntax>() is not { Identifier.ValueText: var wanted })
            return null;
        if (mistake.Id == "CS0103" && FrameViews.Getter(mistake, wanted, wanted) is { } getter)
            return $"write frame.{getter} before, which returns false for other frames";
        if (wanted.Length < Shortest)
            return null;

        IEnumerable<string> names = mistake.Id == "CS0103" && mistake.Find(typeof(RuleGlobals)) is { } globals ? Mistake.NamesOf(globals) : [];
        return SimilarName.Nearest(wanted, names.Concat(Types(mistake))) is { } nearest ? $"did you mean '{nearest}'?" : null;
    }

    private static IEnumerable<string> Types(Mistake mistake) =>
        new[] { typeof(Frame), typeof(RuleGlobals) }.SelectMany(known => known.Assembly.GetExportedTypes()).Select(type => type.Name);
}
