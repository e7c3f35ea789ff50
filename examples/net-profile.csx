// The access networks that people have: the left host is at home, the right one out there. RFC 2488 §2 for satellites.
// See it:  ./run.sh lab -r examples/net-profile.csx --set profile=dsl, then `ping -c 3 192.0.2.2` on left: 50 ms

// Kilobits a second down and up, milliseconds there and back: WebPageTest's www/settings/connectivity.ini.sample. The satellite's delay is a
// geostationary one's up and down (RFC 2488 §2: 239.6 to 279 ms each way), its rates are an ordinary contract's of 2020.
readonly Dictionary<string, (double Down, double Up, double RoundTrip)> profiles = new()
{
    ["dial"] = (49, 30, 120), ["2g"] = (280, 256, 800), ["edge"] = (240, 200, 840), ["3g-slow"] = (400, 400, 400), ["3g"] = (1600, 768, 300),
    ["3g-fast"] = (1600, 768, 150), ["4g"] = (9000, 9000, 170), ["lte"] = (12_000, 12_000, 70), ["dsl"] = (1500, 384, 50), ["cable"] = (5000, 1000, 28),
    ["satellite"] = (20_000, 3000, 560),
};

readonly string name = Param("profile", "3g", "the access network");
readonly (double Down, double Up, double RoundTrip) profile = profiles.TryGetValue(name, out var found) ? found
    : throw new ArgumentException($"there is no profile '{name}'; there are {string.Join(", ", profiles.Keys)}");

readonly Impairment up = Impair(Side.Left).Rate(Kbit(profile.Up), DropTail(packets: 100)).Delay(Ms(profile.RoundTrip / 2));
readonly Impairment down = Impair(Side.Right).Rate(Kbit(profile.Down), DropTail(packets: 100)).Delay(Ms(profile.RoundTrip / 2));

Verdict Apply(ref Frame frame) => frame.From == Side.Left ? up.Apply(ref frame) : down.Apply(ref frame);
