using System.Text.Json;

namespace Fluke6.Watching;

/// <summary>Names as they stand in JSON.</summary>
internal static class NamesInJson
{
    /// <summary><c>left</c> or <c>right</c>.</summary>
    public static string InJson(this Side side) => side == Side.Left ? "left" : "right";

    /// <summary>A name of several words, such as <c>synSeen</c>.</summary>
    public static string InJson<T>(this T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
