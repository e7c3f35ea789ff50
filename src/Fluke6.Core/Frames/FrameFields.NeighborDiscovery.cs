using Fluke6.Wire;

namespace Fluke6.Frames;

internal sealed partial class FrameFields
{
    private bool AddNeighborDiscovery(Span<byte> message)
    {
        NeighborDiscoveryOptions options;
        if (RouterAdvertisement.TryRead(message, out RouterAdvertisement router))
        {
            Add("ra hop limit", router.CurrentHopLimit);
            Add("ra managed", router.Managed);
            Add("ra other configuration", router.OtherConfiguration);
            Add("ra preference", router.DefaultRouterPreference);
            Add("ra router lifetime", router.RouterLifetime);
            Add("ra reachable time", router.ReachableTime);
            Add("ra retrans timer", router.RetransTimer);
            options = router.Options;
        }
        else if (NeighborSolicitation.TryRead(message, out NeighborSolicitation solicitation))
        {
            Add("ns target", solicitation.Target);
            options = solicitation.Options;
        }
        else if (NeighborAdvertisement.TryRead(message, out NeighborAdvertisement advertisement))
        {
            Add("na target", advertisement.Target);
            Add("na router", advertisement.Router);
            Add("na solicited", advertisement.Solicited);
            Add("na override", advertisement.Override);
            options = advertisement.Options;
        }
        else
        {
            return false;
        }

        foreach (NeighborDiscoveryOption option in options)
            AddOption(option);
        if (options.IsMalformed)
            Add("nd options that cannot be read", Convert.ToHexStringLower(options.Octets));
        return true;
    }

    private void AddOption(NeighborDiscoveryOption option)
    {
        if (option.TryGetPrefixInformation(out PrefixInformation prefix))
        {
            AddNext("nd prefix", prefix.Prefix);
            AddNext("nd prefix on-link", prefix.OnLink);
            AddNext("nd prefix autonomous", prefix.Autonomous);
            AddNext("nd prefix valid lifetime", prefix.ValidLifetime);
            AddNext("nd prefix preferred lifetime", prefix.PreferredLifetime);
        }
        else if (option.TryGetMtu(out MtuOption mtu))
        {
            AddNext("nd mtu", mtu.Mtu);
        }
        else if (option.TryGetLinkLayerAddress(out LinkLayerAddressOption link))
        {
            AddNext(link.Type == NeighborDiscoveryOptionType.SourceLinkLayerAddress ? "nd source address" : "nd target address", link.Address);
        }
        else
        {
            AddNext($"nd option {(int)option.Type}", Convert.ToHexStringLower(option.Data));
        }
    }
}
