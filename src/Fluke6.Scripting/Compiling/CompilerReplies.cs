using System.Text;

namespace Fluke6.Scripting.Compiling;

/// <summary>What the compiler's process was asked and has not answered yet. Any thread may expect a reply; one thread reads them.</summary>
/// <param name="rehearses">Whether it compiles something by itself first.</param>
/// <param name="longest">The longest reply that there may be, in bytes.</param>
internal sealed class CompilerReplies(bool rehearses, long longest)
{
    private readonly Dictionary<int, TaskCompletionSource<byte[]?>> _pending = [];
    private int _number = CompilerProgram.RehearsalNumber;
    private bool _rehearses = rehearses;
    private bool _ended;

    /// <summary>Whether there will be no more replies.</summary>
    public bool Ended
    {
        get
        {
            lock (_pending)
                return _ended;
        }
    }

    /// <summary>Whether it is not done yet with what it compiles by itself.</summary>
    public bool Rehearses
    {
        get
        {
            lock (_pending)
                return _rehearses;
        }
    }

    /// <summary>Asks for something.</summary>
    /// <param name="ask">Sends the question, which has this number; questions are sent one after the other.</param>
    /// <returns>The reply; null if there will be none.</returns>
    public Task<byte[]?> Expect(Action<int> ask)
    {
        var reply = new TaskCompletionSource<byte[]?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_pending)
        {
            if (_ended)
                return Task.FromResult<byte[]?>(null);

            _pending[++_number] = reply;
            ask(_number);
        }

        return reply.Task;
    }

    /// <summary>Reads replies to their end, or to the first one that is none: then whoever waits gets nothing.</summary>
    public void Read(Stream replies)
    {
        using var reader = new BinaryReader(replies, Encoding.UTF8);
        try
        {
            while (TryRead(reader))
            {
            }
        }
        // The process has ended, be it in the middle of a reply.
        catch (IOException)
        {
        }

        lock (_pending)
        {
            _ended = true;
            foreach (TaskCompletionSource<byte[]?> asked in _pending.Values)
                asked.SetResult(null);
            _pending.Clear();
        }
    }

    // False for what nobody asked: something else has written there, and nothing after it makes sense.
    private bool TryRead(BinaryReader reader)
    {
        int number = reader.ReadInt32(), length = reader.ReadInt32();
        if (length < 0 || length > longest)
            return false;

        byte[] reply = reader.ReadBytes(length);
        if (reply.Length < length)
            return false;

        lock (_pending)
        {
            if (number == CompilerProgram.RehearsalNumber)
            {
                _rehearses = false;
                return true;
            }

            if (!_pending.Remove(number, out TaskCompletionSource<byte[]?>? asked))
                return false;

            asked.SetResult(reply);
            return true;
        }
    }
}
