using System.Reflection;
using System.Text.RegularExpressions;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Scripting;
using Fluke6.TcpServices;
using Fluke6.Wire;
using Microsoft.CodeAnalysis.CSharp;

namespace Fluke6.Command.Tests.Documents;

/// <summary>
/// Compiles what a document shows of a rule: a name, an expression or a statement, such as stands in <c>Apply</c>. Variables that it uses
/// get the types of the parameters that they are given for.
/// </summary>
internal static partial class RuleCode
{
    private static readonly Type[] s_types = [.. typeof(Frame).Assembly.GetExportedTypes(), .. typeof(RuleCompiler).Assembly.GetExportedTypes(), typeof(System.Net.IPEndPoint)];

    // What a method without a receiver is called on, if rules cannot call it as it stands.
    private static readonly (string Receiver, Type Type)[] s_receivers =
        [("", typeof(RuleGlobals)), ("frame.", typeof(Frame)), ("connection.", typeof(TcpConnection)), ("relay.", typeof(DnsRelay))];

    private static readonly (string Name, string Declaration)[] s_variables =
    [
        ("tcp", "frame.TryGetTcp(out TcpHeader tcp);"),
        ("ipv4", "frame.TryGetIpv4(out Ipv4Header ipv4);"),
        ("ipv6", "frame.TryGetIpv6(out Ipv6Header ipv6);"),
        ("ethernet", "frame.TryGetEthernet(out EthernetHeader ethernet);"),
        ("record", "DnsRecord record = default;"),
        ("connection", "TcpConnection connection = default;"),
        ("relay", "DnsRelay relay = default;"),
        ("mac", "MacAddress mac = default;"),
        ("packet", "Packet packet = default;"),
    ];

    /// <summary>What is wrong with a name; empty if it is one that rules use.</summary>
    /// <remarks>A view, a member of something that rules have, a constant of an enumeration or what the command line calls it, or a type.</remarks>
    public static string FaultOfName(string name)
    {
        const BindingFlags Members = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static;
        bool found = typeof(Frame).GetMember($"TryGet{name}").Length > 0
            || s_types.Any(type => type.GetMember(name, Members).Length > 0)
            || s_types.Any(type => type.Name == name)
            || Enum.TryParse(name, ignoreCase: true, out RuleState _)
            || Enum.TryParse(name, ignoreCase: true, out FaultPolicy _)
            || name == "Apply";
        return found ? "" : FaultOfScript($"Type type = typeof({name}); void Apply(ref Frame frame) {{ }}");
    }

    /// <summary>What is wrong with a line of code; empty if it compiles.</summary>
    public static string FaultOfCode(string code)
    {
        if (code.StartsWith('#'))
            return FaultOfDirective(code);
        if (code.Split(' ').All(word => SyntaxFacts.GetKeywordKind(word) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(word) != SyntaxKind.None))
            return "";

        // As people write what they leave out.
        foreach (Match call in LeftOut().Matches(code))
        {
            if (FaultOfName(call.Groups[1].Value) is { Length: > 0 } unknown)
                return unknown;
        }

        if (LeftOut().Match(code).Length == code.Length)
            return "";
        code = LeftOut().Replace(code.Replace("() => ...", "() => { }", StringComparison.Ordinal), "{ }");

        if (MethodAlone().Match(code) is { Success: true } method
            && s_receivers.FirstOrDefault(receiver => receiver.Type.GetMember(method.Groups[1].Value).Length > 0) is { Receiver: { } receiver })
        {
            code = receiver + code;
        }

        string fault = "";
        foreach (string declarations in Declarations(code))
        {
            string variables = string.Concat(s_variables.Where(variable => Uses(code, variable.Name)).Select(variable => variable.Declaration));
            string statement = Assignment().IsMatch(code) || code.EndsWith(')') ? $"{code};" : $"_ = {code};";
            fault = FaultOfScript($"Verdict Apply(ref Frame frame) {{ {variables} {declarations} {statement} return Verdict.Continue; }}");
            if (fault.Length == 0)
                return "";
        }

        return fault;
    }

    /// <summary>What is wrong with a script; empty if it compiles.</summary>
    public static string FaultOfScript(string text)
    {
        using var folder = new RuleFolder();
        return Faults(folder.Write("readme.csx", text), text);
    }

    private static string FaultOfDirective(string directive)
    {
        using var folder = new RuleFolder();
        // Its name alone stands for it with a file.
        if (!directive.Contains('"', StringComparison.Ordinal))
            directive = $"{directive} \"{(directive == "#r" ? "library.dll" : "other.csx")}\"";
        string file = directive.Split('"')[1];
        if (file.EndsWith(".dll", StringComparison.Ordinal))
            File.Copy(typeof(FactAttribute).Assembly.Location, Path.Combine(folder.Path, file));
        else
            folder.Write(file, "int other = 1;\n");
        return Faults(folder.Write("readme.csx", $"{directive}\nvoid Apply(ref Frame frame) {{ }}\n"), directive);
    }

    private static string Faults(string path, string text)
    {
        string[] errors = [.. RuleCompiler.Compile(path).Diagnostics.Where(diagnostic => diagnostic.IsError).Select(diagnostic => $"{diagnostic}")];
        return errors.Length == 0 ? "" : $"{text}\n  {string.Join("\n  ", errors)}";
    }

    /// <summary>Declarations of the variables that calls are given, for each way to read the calls.</summary>
    private static IEnumerable<string> Declarations(string code)
    {
        IEnumerable<Dictionary<string, Type>> readings = [[]];
        foreach (Match call in Call().Matches(code))
        {
            string[] arguments = [.. call.Groups["arguments"].Value.Split(',', StringSplitOptions.TrimEntries)];
            ParameterInfo[][] signatures = [.. Signatures(call.Groups["new"].Success, call.Groups["name"].Value, arguments.Length)];
            if (signatures.Length == 0)
                continue;

            readings = [.. readings.SelectMany(reading => signatures.Select(signature =>
            {
                Dictionary<string, Type> more = new(reading);
                for (int i = 0; i < arguments.Length; i++)
                {
                    if (Identifier().IsMatch(arguments[i]) && !signature[i].ParameterType.IsByRef && s_variables.All(variable => variable.Name != arguments[i] || variable.Name == "mac"))
                        more[arguments[i]] = signature[i].ParameterType;
                }

                more.Remove("mac");
                return more;
            }))];
        }

        return readings.Select(reading => string.Concat(reading.Select(variable => $"{NameOf(variable.Value)} {variable.Key} = default;")));
    }

    private static IEnumerable<ParameterInfo[]> Signatures(bool isNew, string name, int count) => s_types
        .SelectMany(type => isNew
            ? type.Name == name ? type.GetConstructors().Select(constructor => constructor.GetParameters()) : []
            : type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Where(method => method.Name == name && !method.IsGenericMethod)
                .Select(method => method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute)) ? method.GetParameters()[1..] : method.GetParameters()))
        .Where(parameters => parameters.Length >= count && parameters.Skip(count).All(parameter => parameter.IsOptional));

    private static string NameOf(Type type) => type.IsGenericType
        ? $"{type.FullName![..type.FullName!.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>"
        : type.FullName!.Replace('+', '.');

    private static bool Uses(string code, string name) =>
        Regex.IsMatch(code, $@"\b{name}\b") && !code.Contains($"out var {name}", StringComparison.Ordinal) && !code.Contains($"({name},", StringComparison.Ordinal);

    [GeneratedRegex(@"^([A-Z]\w*)\(")]
    private static partial Regex MethodAlone();

    [GeneratedRegex(@"\b([A-Z]\w*)\(\.\.\.\)")]
    private static partial Regex LeftOut();

    [GeneratedRegex(@"^[\w.]+ = ")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"(?<new>new )?\b(?<name>[A-Z]\w*)\((?<arguments>[^()]+)\)")]
    private static partial Regex Call();

    [GeneratedRegex(@"^[a-z]\w*$")]
    private static partial Regex Identifier();
}
