using System.Diagnostics;
using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Journal;
using Fluke6.Ports;

namespace Fluke6.Scripting.Tests;

/// <summary>A bridge between two ports in memory, with a folder of scripts.</summary>
internal sealed class LiveBridge : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly List<JournalNote> _notes = [];
    private readonly MemoryWaiter _waiter;

    public LiveBridge(BridgeOptions? options = null, params (string Name, string Value)[] parameters)
    {
        _waiter = new MemoryWaiter(Left, Right);
        Bridge = new Bridge(Left, Right, _waiter, options);
        Rules = new RuleSet(Bridge, [Folder.Path], parameters.ToDictionary(set => set.Name, set => set.Value));
    }

    public ScriptFolder Folder { get; } = new();

    public MemoryPort Left { get; } = new("left");

    public MemoryPort Right { get; } = new("right");

    public Bridge Bridge { get; }

    public RuleSet Rules { get; }

    /// <summary>All that the journal said so far.</summary>
    public IReadOnlyList<JournalNote> Notes
    {
        get
        {
            while (Bridge.Journal.TryRead(out JournalNote note))
                _notes.Add(note);
            return _notes;
        }
    }

    /// <summary>Loads what is in the folder, starts the bridge and watches.</summary>
    public IReadOnlyList<RuleDiagnostic> Start()
    {
        IReadOnlyList<RuleDiagnostic> diagnostics = Rules.LoadAll();
        Bridge.Start();
        Rules.Watch();
        return diagnostics;
    }

    public RuleEntry Rule(string name) => Bridge.Chain.Entries.Single(rule => rule.Name == name);

    /// <summary>Lets a frame arrive at the left port and waits until the bridge is through with it.</summary>
    /// <returns>What came out on the right; null if nothing did.</returns>
    public byte[]? Pass(byte[] frame)
    {
        int before = Right.SentFrames.Count;
        long received = Left.Counters.RxFrames;
        Arrive(frame);
        Until(() => Left.Counters.RxFrames == received + 1);
        Drain();
        return Right.SentFrames.Skip(before).FirstOrDefault();
    }

    public void Arrive(byte[] frame)
    {
        Left.Arrive(frame);
        _waiter.Wake();
    }

    /// <summary>Waits until the bridge is between two batches.</summary>
    public void Drain()
    {
        var passed = new TaskCompletionSource();
        Bridge.Services.Post(passed.SetResult);
        Assert.True(Task.WhenAny(passed.Task, Bridge.Completion).Wait(Patience), "the bridge did not come to the end of a batch");
    }

    public void Until(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                Assert.Fail("waited in vain; the journal says:\n" + string.Join('\n', Notes));
            Thread.Sleep(1);
        }
    }

    /// <summary>The reloads of a rule so far.</summary>
    public IReadOnlyList<ReloadNote> Reloads(string rule) => [.. Notes.OfType<ReloadNote>().Where(note => note.Rule == rule)];

    /// <summary>Saves a script and waits until it is loaded, or refused.</summary>
    public ReloadNote Save(string file, string text, Action<string, string>? save = null)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        int before = Reloads(name).Count;
        if (save is null)
            Folder.Write(file, text);
        else
            save(Folder[file], text);
        Until(() => Reloads(name).Count > before);
        return Reloads(name)[before];
    }

    public void Dispose()
    {
        Rules.Dispose();
        Bridge.Dispose();
        _waiter.Dispose();
        Folder.Dispose();
    }
}
