namespace Fluke6.Command.Reports;

/// <summary>Writes large numbers with the prefixes of the International System of Units.</summary>
internal static class Quantity
{
    /// <summary>Such as <c>941 M</c>, to be followed by a unit.</summary>
    public static string Of(double value) => value switch
    {
        >= 1e9 => $"{value / 1e9:0.00} G",
        >= 1e6 => $"{value / 1e6:0.0} M",
        >= 1e3 => $"{value / 1e3:0.0} k",
        _ => $"{value:0} ",
    };

    /// <summary>Such as <c>12.3 MB</c>.</summary>
    public static string Octets(long octets) => $"{Of(octets)}B";
}
