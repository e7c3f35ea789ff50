namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>A second bridge at an interface would forward every frame once more: it is refused, by name.</summary>
public sealed class SecondBridgeTests : IDisposable
{
    private readonly Namespaces _lab = new();
    private readonly string _middle;

    public SecondBridgeTests()
    {
        _middle = _lab.Add("middle");
        _lab.Ip(_middle, "link add one type veth peer name left");
        _lab.Ip(_middle, "link add two type veth peer name right");
    }

    public void Dispose() => _lab.Dispose();

    [Theory]
    [InlineData("left", "none")]
    [InlineData("none", "right")]
    [InlineData("tap:t0", "right")]
    public void SecondIsRefusedAndNamesTheFirst(string left, string right)
    {
        using FlukeProcess first = FlukeProcess.Bridge(_middle, "left", "right");
        // ip netns exec gives each a view of the files of its own.
        using FlukeProcess second = FlukeProcess.In(_middle, "bridge", left, right, "--headless");
        Assert.Equal(1, second.WaitForExit());
        string line = Assert.Single(second.Errors);
        Assert.Contains($"another fluke6 (pid {first.Id}) bridges it", line);
        Assert.Contains($"`kill {first.Id}`", line);
        Assert.True(Directory.Exists($"/proc/{first.Id}"), "the first ended");
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("INT")]
    public void InterfaceIsFreeOnceTheFirstHasEnded(string signal)
    {
        using (FlukeProcess first = FlukeProcess.Bridge(_middle, "left", "right"))
        {
            first.Signal(signal);
            first.WaitForExit();
        }

        using FlukeProcess second = FlukeProcess.Bridge(_middle, "right", "left");
        Assert.Empty(second.Errors);
    }

    // The number changes; the lock goes along.
    [Fact]
    public void InterfaceThatWasMadeAnewIsStillTheFirsts()
    {
        using FlukeProcess first = FlukeProcess.Bridge(_middle, "left", "right");
        first.WaitForJson("stats", _ => true);
        _lab.Ip(_middle, "link delete one");
        first.WaitFor(() => State(first.LastJson("stats")) == "gone", "the interface to go");
        _lab.Ip(_middle, "link add one type veth peer name left");
        first.WaitFor(() => State(first.LastJson("stats")) != "gone", "the interface to come back");
        using FlukeProcess second = FlukeProcess.In(_middle, "bridge", "left", "none", "--headless");
        Assert.Equal(1, second.WaitForExit());
        Assert.Contains($"(pid {first.Id})", Assert.Single(second.Errors));

        static string? State(System.Text.Json.JsonElement json) => json.GetProperty("ports").GetProperty("left").GetProperty("state").GetString();
    }
}
