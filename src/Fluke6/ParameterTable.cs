using Fluke6.Scripting;

namespace Fluke6.Command;

/// <summary>The parameters that <c>--set</c> may give a rule, as lines to read.</summary>
internal static class ParameterTable
{
    private static readonly AskedParameter s_heading = new("parameter", "type", "default", "range", "what it is");

    /// <summary>The rule's name and a line for each of its parameters; nothing for a rule without any.</summary>
    public static IEnumerable<string> Of(CompiledRule rule)
    {
        if (rule.Parameters is not { } parameters)
            return [$"{rule.Name} makes up names of parameters as it runs: its text does not tell them", ""];
        if (parameters.Count == 0)
            return [];

        AskedParameter[] rows = [s_heading, .. parameters];
        int name = Width(rows, row => row.Name), type = Width(rows, row => row.Type),
            @default = Width(rows, row => row.Default), range = Width(rows, row => row.Range);
        return
        [
            rule.Name,
            .. rows.Select(row =>
                $"  {row.Name.PadRight(name)}  {row.Type.PadRight(type)}  {row.Default.PadRight(@default)}  {row.Range.PadRight(range)}  {row.Description}".TrimEnd()),
            "",
        ];
    }

    private static int Width(AskedParameter[] rows, Func<AskedParameter, string> column) => rows.Max(row => column(row).Length);
}
