using System.Collections.Immutable;
using System.Reflection.PortableExecutable;
using System.Text;
using Fluke6.Scripting.Files;
using Fluke6.Scripting.Hints;
using Fluke6.Scripting.Positions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.CodeAnalysis.Text;

namespace Fluke6.Scripting.Compiling;

/// <summary>Compiles a rule's script, in the process that calls it: the compiler's. Any thread may call it.</summary>
internal static class ScriptCompiler
{
    private static readonly EmitOptions s_emitOptions = new(
        debugInformationFormat: DebugInformationFormat.PortablePdb,
        // A rule that calls itself without end is to throw rather than to end the process; methods that cannot are spared again.
        instrumentationKinds: [InstrumentationKind.StackOverflowProbing]);
    // Read once and shared by all compilations; nothing of a script is kept here.
    private static readonly Lazy<ImmutableArray<MetadataReference>> s_references = new(() => [.. ScriptReferences.Default.Select(Reference)]);
    // "Is never assigned to": in scripts, the compiler says so of a class's static field that has an initializer. "Assuming assembly reference":
    // PacketDotNet was built for an older .NET; as in any build, that is no news.
    private static readonly KeyValuePair<string, ReportDiagnostic>[] s_suppressed =
    [
        new("CS0649", ReportDiagnostic.Suppress), new("CS1701", ReportDiagnostic.Suppress), new("CS1702", ReportDiagnostic.Suppress),
    ];

    // The compiler itself holds weakly what it made of the references; the collection after the rehearsal would take it, and the first save make it anew.
    private static ISymbol?[]? s_symbols;

    private static int s_versions;

    /// <summary>Compiles a file and holds it against what a rule must have. Never throws for what the file holds.</summary>
    public static CompiledRule Compile(string path, FileTrust trust)
    {
        path = Path.GetFullPath(path);
        return Compile(path, new ScriptFiles(trust));
    }

    /// <summary>Compiles a script from memory.</summary>
    public static CompiledRule Rehearse(byte[] script)
    {
        const string Path = "/rehearsal.csx";
        var files = new ScriptFiles(FileTrust.Any);
        files.Give(Path, script);
        return Compile(Path, files);
    }

    private static CompiledRule Compile(string path, ScriptFiles files)
    {
        CompiledRule compiled = Compile(path, files, null, out ViewsInText views);
        return views.IsEmpty ? compiled : Compile(path, files, views, out _);
    }

    private static CompiledRule Compile(string path, ScriptFiles files, ViewsInText? written, out ViewsInText views)
    {
        views = new ViewsInText();
        files.Edit = written is null ? null : written.Apply;
        SourceText text;
        try
        {
            text = files.ReadText(path);
        }
        catch (Exception exception) when (exception is IOException or DecoderFallbackException)
        {
            return Failed(path, files, [RuleDiagnostic.Error(path, RuleDiagnostic.Unreadable, $"cannot be read: {exception.Message}")]);
        }

        var resolver = new ScriptReferenceResolver(files);
        CSharpCompilation compilation = CreateCompilation(text, path, files, resolver);

        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        EmitResult result;
        try
        {
            result = compilation.Emit(assembly, symbols, options: s_emitOptions);
        }
        // The compiler's limits are not documented: some end in exceptions, others only in the end of this process.
        catch (Exception exception)
        {
            string message = exception switch
            {
                InsufficientExecutionStackException => CompilerLimits.TooDeep,
                // In this process, what there is for all is the limit.
                OutOfMemoryException => CompilerLimits.TooMuchMemory(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
                _ => $"the compiler gave up: {exception.GetType().Name}: {exception.Message}",
            };
            return Failed(path, files, [RuleDiagnostic.Error(path, RuleDiagnostic.CompilerFailed, message)]);
        }

        s_symbols ??= [.. s_references.Value.Select(compilation.GetAssemblyOrModuleSymbol)];
        if (written is null)
            views = ViewsInText.Find(result.Diagnostics, compilation);
        var diagnostics = result.Diagnostics
            .Where(diagnostic => diagnostic.Severity is DiagnosticSeverity.Error or DiagnosticSeverity.Warning)
            .OrderByDescending(diagnostic => diagnostic.Severity)
            .Select(diagnostic => Describe(diagnostic, path, compilation, written))
            .ToList();
        if (diagnostics.Exists(diagnostic => diagnostic.IsError) && LoadCircle.Find(compilation, path, files) is { } circle)
            return Failed(path, files, [circle]);
        if (diagnostics.Exists(diagnostic => diagnostic.IsError))
            return Failed(path, files, ExplainPackages(compilation, path, diagnostics));

        // Before success is looked at: of an empty file the compiler makes nothing, and says nothing.
        if ((RuleContract.Check(compilation, path) ?? WholeProcess.Find(compilation, path)) is { } breach)
            return Failed(path, files, [breach, .. diagnostics]);

        diagnostics.InsertRange(0, WrittenFilters.Check(compilation, path).OrderByDescending(diagnostic => diagnostic.IsError));
        diagnostics.AddRange(Finalizers.Check(compilation, path));
        diagnostics.AddRange(LoggedBraces.Check(compilation, path));
        if (diagnostics.Exists(diagnostic => diagnostic.IsError))
            return Failed(path, files, diagnostics);

        if (!result.Success)
            return Failed(path, files, [RuleDiagnostic.Error(path, RuleDiagnostic.CompilerFailed, "the compiler gave up")]);

        return new CompiledRule(
            path,
            files.Fingerprints,
            diagnostics,
            MarkedAssembly.From(assembly.ToArray(), symbols.ToArray()),
            resolver.Paths,
            files.Trust)
        {
            Parameters = AskedParameters.Of(compilation),
        };
    }

    private static RuleDiagnostic Describe(Diagnostic diagnostic, string path, CSharpCompilation compilation, ViewsInText? written)
    {
        RuleDiagnostic described = RuleDiagnostic.From(diagnostic, path, DiagnosticHints.For(diagnostic, compilation));
        return written is null ? described : written.Restore(described, diagnostic.Location.SourceTree?.FilePath ?? path);
    }

    /// <summary>The script as Roslyn's scripting makes it: its compilation is all that is wanted, to be emitted with symbols and marks.</summary>
    private static CSharpCompilation CreateCompilation(SourceText text, string path, ScriptFiles files, ScriptReferenceResolver resolver)
    {
        ScriptOptions options = ScriptOptions.Default
            .WithReferences(s_references.Value)
            .WithImports([.. RuleCompiler.Imports, .. RuleCompiler.StaticImports])
            .WithSourceResolver(files)
            .WithMetadataResolver(resolver)
            .WithLanguageVersion(LanguageVersion.Latest)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithAllowUnsafe(false)
            .WithFilePath(path)
            .WithFileEncoding(Encoding.UTF8);
        var compilation = (CSharpCompilation)CSharpScript.Create(text.ToString(), options, typeof(RuleGlobals)).GetCompilation();
        // Of these ScriptOptions knows nothing.
        return compilation
            .WithAssemblyName($"rule{Interlocked.Increment(ref s_versions)}")
            .WithOptions(compilation.Options
                .WithScriptClassName(TopLevel.ScriptClass)
                .WithSpecificDiagnosticOptions(s_suppressed)
                .WithConcurrentBuild(false)
                .WithNullableContextOptions(NullableContextOptions.Annotations));
    }

    // MetadataReference.CreateFromFile would keep all of each file in memory, 70 MB together; the compiler wants what they declare.
    private static PortableExecutableReference Reference(string path)
    {
        using FileStream file = File.OpenRead(path);
        return AssemblyMetadata.CreateFromStream(file, PEStreamOptions.PrefetchMetadata).GetReference(filePath: path);
    }

    // "Metadata file 'nuget: ...' could not be found" sends people looking for a file.
    private static List<RuleDiagnostic> ExplainPackages(CSharpCompilation compilation, string path, List<RuleDiagnostic> diagnostics)
    {
        SyntaxTree tree = compilation.SyntaxTrees.First(tree => tree.FilePath == path);
        foreach (ReferenceDirectiveTriviaSyntax directive in tree.GetCompilationUnitRoot().GetReferenceDirectives())
        {
            if (!directive.File.ValueText.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
                continue;

            int line = directive.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            diagnostics.RemoveAll(diagnostic => diagnostic.Id == "CS0006" && diagnostic.Line == line);
            diagnostics.Insert(0, RuleDiagnostic.Error(
                path, RuleDiagnostic.Reference, "NuGet packages are not fetched; give #r the path of the assembly", line));
        }

        return diagnostics;
    }

    // Where a file cannot be read, whatever else the compiler says follows from that.
    private static CompiledRule Failed(string path, ScriptFiles files, IReadOnlyList<RuleDiagnostic> diagnostics)
    {
        RuleDiagnostic[] refused = [.. files.Refused.Select(reason => RuleDiagnostic.Error(path, RuleDiagnostic.Unreadable, $"cannot be read: {reason}"))];
        return new CompiledRule(path, files.Fingerprints, refused.Length > 0 ? refused : diagnostics, null, [], files.Trust);
    }
}
