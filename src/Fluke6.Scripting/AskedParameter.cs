namespace Fluke6.Scripting;

/// <summary>A parameter that a script's text asks for, as it stands there.</summary>
/// <param name="Name">What <c>--set NAME=VALUE</c> calls it.</param>
/// <param name="Type">The type of its value, as C# calls it; of a list, that of each, followed by <c>,...</c>.</param>
/// <param name="Default">The value unless given, as it would be given; where that shows only as the script runs, the expression.</param>
/// <param name="Range">The least and the most that may be given; empty where anything may.</param>
/// <param name="Description">What it means; empty where the script does not say.</param>
internal sealed record AskedParameter(string Name, string Type, string Default, string Range, string Description);
