using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Fluke6.Scripting.Compiling;

/// <summary>A rule that loads itself, through others: the compiler takes it twice, and says that everything in it is there already.</summary>
internal static class LoadCircle
{
    /// <summary>The circle, told at the rule's <c>#load</c> that leads back to it; null if none does.</summary>
    public static RuleDiagnostic? Find(CSharpCompilation compilation, string path, ScriptFiles files)
    {
        if (compilation.SyntaxTrees.Count(tree => tree.FilePath == path) < 2)
            return null;

        // The shortest way back: by which file each was loaded.
        var loaders = new Dictionary<string, string>(StringComparer.Ordinal);
        var queue = new Queue<string>([path]);
        while (!loaders.ContainsKey(path) && queue.TryDequeue(out string? file))
        {
            foreach ((_, string loaded) in Loads(compilation, file, files))
            {
                if (loaders.TryAdd(loaded, file))
                    queue.Enqueue(loaded);
            }
        }

        List<string> circle = [path];
        do
            circle.Add(loaders[circle[^1]]);
        while (circle[^1] != path);
        circle.Reverse();

        string folder = Path.GetDirectoryName(path)!;
        string[] names = [.. circle.Select(file => Path.GetRelativePath(folder, file))];
        int line = Loads(compilation, path, files).First(load => load.Path == circle[1]).Line;
        string way = $"{names[0]} loads {string.Join(", which loads ", names.Skip(1))}";
        return RuleDiagnostic.Error(
            path, RuleDiagnostic.Reference, $"{way}: take a #load out, and put what both need into a file that loads neither", line);
    }

    private static IEnumerable<(int Line, string Path)> Loads(CSharpCompilation compilation, string file, ScriptFiles files)
    {
        if (compilation.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == file)?.GetRoot() is not CompilationUnitSyntax root)
            yield break;

        foreach (LoadDirectiveTriviaSyntax directive in root.GetLoadDirectives())
        {
            if (files.ResolveReference(directive.File.ValueText, file) is { } loaded)
                yield return (directive.GetLocation().GetLineSpan().StartLinePosition.Line + 1, loaded);
        }
    }
}
