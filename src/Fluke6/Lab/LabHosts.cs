using Fluke6.Wire;

namespace Fluke6.Command.Lab;

/// <summary>The lab's two hosts: left, which is the router, and right, which autoconfigures. Disposing deletes both.</summary>
internal sealed class LabHosts : IDisposable
{
    /// <summary>Left's IPv4 address.</summary>
    public const string LeftAddress = "192.0.2.1";

    /// <summary>Right's IPv4 address.</summary>
    public const string RightAddress = "192.0.2.2";

    /// <summary>The address that the example rule answers for.</summary>
    public const string ExtraAddress = "2001:db8:1::cafe";

    private LabHosts(LabHost left, LabHost right)
    {
        Left = left;
        Right = right;
    }

    /// <summary>The prefix that left advertises.</summary>
    public static Ipv6Prefix Prefix { get; } = Ipv6Prefix.Parse("2001:db8:1::/64");

    /// <summary>The course notes' network, whose router left is, too: <c>host-test6.csx</c> is a machine there.</summary>
    public static Ipv6Prefix NotesPrefix { get; } = Ipv6Prefix.Parse("2604:5f00:ffff:fe00::/64");

    /// <summary>The prefix that the example rule makes of it.</summary>
    public static Ipv6Prefix RewrittenPrefix { get; } = Ipv6Prefix.Parse("2001:db8:2::/64");

    /// <summary>The router.</summary>
    public LabHost Left { get; }

    /// <summary>The other.</summary>
    public LabHost Right { get; }

    /// <summary>Makes both, without interfaces: those are the bridge's to make.</summary>
    /// <param name="kind">The ports': <c>tap</c> or <c>veth</c>.</param>
    public static LabHosts Create(string kind)
    {
        LabHost.SweepStale();
        LabHost left = LabHost.Create("left", kind);
        try
        {
            return new LabHosts(left, LabHost.Create("right", kind));
        }
        catch
        {
            left.Dispose();
            throw;
        }
    }

    /// <summary>Gives the interfaces their addresses. Left is at home in the rewritten prefix, too, so that right can talk to it.</summary>
    public void AddAddresses()
    {
        Left.AddAddress($"{LeftAddress}/24");
        Left.AddAddress($"{Prefix.Address}1/64");
        Left.AddAddress($"{RewrittenPrefix.Address}1/64");
        Left.AddAddress($"{NotesPrefix.Address}1/64");
        Right.AddAddress($"{RightAddress}/24");
    }

    /// <summary>From here on both look whether somebody else has an address before they use one.</summary>
    public void DetectDuplicates()
    {
        Left.DetectDuplicates();
        Right.DetectDuplicates();
    }

    /// <summary>The address that right made from a Router Advertisement; null while it has none.</summary>
    public string? AutoconfiguredAddress()
    {
        string[] words = IpTool.Run("-n", Right.Name, "-6", "-o", "address", "show", "dev", LabHost.Interface, "scope", "global", "-tentative")
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        int at = Array.IndexOf(words, "inet6");
        return at < 0 ? null : words[at + 1].Split('/')[0];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Left.Dispose();
        Right.Dispose();
    }
}
