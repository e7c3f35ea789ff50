namespace Fluke6.Command.Supervision;

/// <summary>What is left to do after a bridge that had no parent and did not end by itself.</summary>
internal static class Witness
{
    /// <summary>Says which rule the bridge ended in.</summary>
    public static int Tell(Handover received)
    {
        using SharedPage page = SharedPage.Open(received.Page!.Value);
        Console.Error.WriteLine($"fluke6: {Obituary.Of(page).Sentence}; `bridge --supervise` would restart it");
        return ExitCode.Done;
    }
}
