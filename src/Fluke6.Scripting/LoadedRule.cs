using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Rules;
using Fluke6.Scripting.Positions;

namespace Fluke6.Scripting;

/// <summary>
/// One version of a rule, loaded and ready to be called: compiled to machine code, its top level run. Disposing unloads it, once nothing
/// calls it any more.
/// </summary>
internal sealed class LoadedRule : IDisposable
{
    /// <summary>How long a script's top level may take, awaited tasks included.</summary>
    public static readonly TimeSpan TopLevelLimit = TimeSpan.FromSeconds(5);

    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    // The runtime keeps a type for as long as a thread is in its assembly's code.
    private static readonly ConditionalWeakTable<Type, ScriptCell> s_cells = [];

    private readonly ScriptLoadContext _loadContext;

    private LoadedRule(ScriptLoadContext loadContext, RuleGlobals globals, Rule rule)
    {
        _loadContext = loadContext;
        Globals = globals;
        Rule = rule;
    }

    /// <summary>The delegate that a chain calls.</summary>
    public Rule Rule { get; }

    /// <summary>The script's globals.</summary>
    public RuleGlobals Globals { get; }

    /// <summary>Loads a compiled rule and runs its top level.</summary>
    /// <param name="compiled">One that succeeded.</param>
    /// <param name="globals">Fresh ones, for this version alone.</param>
    /// <param name="loaded">The rule.</param>
    /// <param name="diagnostic">Why there is none: the top level threw, or did not return within <see cref="TopLevelLimit"/>.</param>
    public static bool TryLoad(
        CompiledRule compiled,
        RuleGlobals globals,
        [NotNullWhen(true)] out LoadedRule? loaded,
        [NotNullWhen(false)] out RuleDiagnostic? diagnostic)
    {
        if (compiled.Assembly is not { } marked)
            throw new ArgumentException("The rule did not compile.", nameof(compiled));

        loaded = null;
        var loadContext = new ScriptLoadContext(compiled) { Rule = globals };
        try
        {
            ScriptCell cell = globals.Position.Follow(marked.Module, marked.Points, marked.Methods, marked.Calls, globals.CrashRecord);
            globals.CrashRecord.SetRuleBeingLoaded(globals.Name, globals.Position);
            Assembly assembly = loadContext.Load(marked.WithCell(cell.Address), marked.Symbols);
            if (compiled.Diagnostics.Any(diagnostic => diagnostic.Id == RuleDiagnostic.Finalizer))
                globals.Services.NoteFinalizers(globals.Name);
            s_cells.Add(assembly.GetType(TopLevel.ScriptClass, throwOnError: true)!, cell);
            if (TopLevel.TryRun(assembly, globals, compiled.Path, TopLevelLimit, out object? instance, out diagnostic))
            {
                Prepare(assembly);
                globals.Prepare();
                loaded = new LoadedRule(loadContext, globals, Bind(instance));
                return true;
            }
        }
        // An assembly named in #r may lack one that it depends on, which shows only now.
        catch (Exception exception) when (exception is IOException or BadImageFormatException or TypeLoadException or ReflectionTypeLoadException)
        {
            string message = $"cannot be loaded: {exception.GetType().Name}: {exception.Message}";
            diagnostic = RuleDiagnostic.Error(compiled.Path, RuleDiagnostic.CompilerFailed, message);
        }

        globals.Discard();
        loadContext.Unload();
        return false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Globals.Discard();
        _loadContext.Unload();
    }

    private static Rule Bind(object instance)
    {
        MethodInfo apply = instance.GetType().GetMethod(RuleContract.MethodName, Declared)!;
        object? target = apply.IsStatic ? null : instance;
        return apply.ReturnType == typeof(void)
            ? new VoidRule(apply.CreateDelegate<VoidApply>(target)).Apply
            : apply.CreateDelegate<Rule>(target);
    }

    // Otherwise the first frame would wait until the just-in-time compiler is done, milliseconds in which a port's queue overflows.
    private static void Prepare(Assembly assembly)
    {
        foreach (Type type in assembly.GetTypes())
        {
            // Generic code has no machine code until its type arguments are known.
            if (type.ContainsGenericParameters)
                continue;

            foreach (MethodBase method in type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)))
            {
                // Methods that the runtime makes itself, as a delegate's, it makes when it likes.
                if (!method.IsAbstract && !method.ContainsGenericParameters && method.GetMethodImplementationFlags() != MethodImplAttributes.Runtime)
                    RuntimeHelpers.PrepareMethod(method.MethodHandle);
            }
        }
    }

    private delegate void VoidApply(ref Frame frame);

    private sealed class VoidRule(VoidApply apply)
    {
        public Verdict Apply(ref Frame frame)
        {
            apply(ref frame);
            return Verdict.Continue;
        }
    }
}
