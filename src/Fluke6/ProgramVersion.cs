using System.Reflection;

namespace Fluke6.Command;

/// <summary>This program's version.</summary>
internal static class ProgramVersion
{
    /// <summary>As <c>--version</c> says it.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
