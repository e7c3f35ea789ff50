namespace Fluke6.Command.Extcap;

/// <summary>Which frames a client of extcap wants.</summary>
internal enum ExtcapFrames
{
    /// <summary>As they arrived, and what rules made of them.</summary>
    All,

    /// <summary>As they arrived.</summary>
    Arrived,

    /// <summary>What rules changed, answered and sent.</summary>
    Made,
}

/// <summary>What Wireshark wants to know or to have. extcap(4).</summary>
internal sealed record ExtcapRequest
{
    /// <summary>Which interfaces there are.</summary>
    public bool ListsInterfaces { get; private init; }

    /// <summary>Of what kind an interface's frames are.</summary>
    public bool ListsLinkTypes { get; private init; }

    /// <summary>What can be chosen about an interface.</summary>
    public bool ListsOptions { get; private init; }

    /// <summary>To capture.</summary>
    public bool Captures { get; private init; }

    /// <summary>At which interface.</summary>
    public string? Interface { get; private init; }

    /// <summary>Into which pipe.</summary>
    public string? Pipe { get; private init; }

    /// <summary>By which filter.</summary>
    public string? Filter { get; private init; }

    /// <summary>Which frames.</summary>
    public ExtcapFrames Show { get; private init; }

    /// <summary>Reads the words after <c>extcap</c>. Those that it does not know it passes over.</summary>
    /// <exception cref="CommandFailure">A word lacks its value, or has none of those that there are.</exception>
    public static ExtcapRequest Read(IReadOnlyList<string> words)
    {
        var request = new ExtcapRequest();
        for (int i = 0; i < words.Count; i++)
        {
            string[] parts = words[i].Split('=', 2);
            string Value() => parts.Length == 2 ? parts[1] : ++i < words.Count ? words[i]
                : throw new CommandFailure(ExitCode.Usage, $"{parts[0]} needs a value");
            request = parts[0] switch
            {
                "--extcap-interfaces" => request with { ListsInterfaces = true },
                "--extcap-dlts" => request with { ListsLinkTypes = true },
                "--extcap-config" => request with { ListsOptions = true },
                "--capture" => request with { Captures = true },
                "--extcap-interface" => request with { Interface = Value() },
                "--fifo" => request with { Pipe = Value() },
                "--extcap-capture-filter" => request with { Filter = Value() },
                "--show" => request with { Show = ShowOf(Value()) },
                _ => request,
            };
        }

        return request;
    }

    private static ExtcapFrames ShowOf(string text) => text switch
    {
        "all" => ExtcapFrames.All,
        "arrived" => ExtcapFrames.Arrived,
        "made" => ExtcapFrames.Made,
        _ => throw new CommandFailure(ExitCode.Usage, $"--show {text} is none of all, arrived, made"),
    };
}
