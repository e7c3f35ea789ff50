using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fluke6.Frames;

namespace Fluke6.Bridging;

/// <summary>
/// Knows frames again that the bridge itself sent: they come back where both ports are connected outside of it as well, by one switch or a
/// cable, and then circle as fast as the machine can send. Bridge's thread only. Allocates nothing.
/// </summary>
/// <remarks>
/// <para>Only frames to a group, which every switch sends everywhere, are looked at until a loop is proven: for others that is one test of
/// a bit. A frame is known by a keyed hash of all its octets, for a second.</para>
/// <para>A frame that arrives at the port that it was sent from is never a repetition by its sender, who is on the other side; a rotating
/// or reflecting network beyond makes few of them. One that arrives where its like arrived before may be: hosts repeat ARP requests
/// and advertisements octet for octet. So these count a tenth.</para>
/// </remarks>
/// <param name="limit">How many frames that come back within a second prove a loop; at least 1.</param>
/// <param name="clock">The time.</param>
/// <param name="random">Where the hash's key comes from, so that nobody can make frames of the same hash.</param>
/// <param name="tell">Is told when a loop begins, with how many frames came back, and with 0 when it is over.</param>
internal sealed class LoopGuard(int limit, TimeProvider clock, Random random, Action<int> tell)
{
    private const int Entries = 1024, SameWeight = 10, OtherWeight = 1;
    private static readonly TimeSpan s_window = TimeSpan.FromSeconds(1), s_quiet = TimeSpan.FromSeconds(10), s_silence = TimeSpan.FromMinutes(10);

    private readonly ulong _key = (ulong)random.NextInt64(), _key2 = (ulong)random.NextInt64() | 1;
    private readonly Sent[][] _sent = [new Sent[Entries], new Sent[Entries]];    // by side, and there by hash
    private readonly long _window = (long)(s_window.TotalSeconds * clock.TimestampFrequency);
    private readonly long _quiet = (long)(s_quiet.TotalSeconds * clock.TimestampFrequency);
    private readonly long _silence = (long)(s_silence.TotalSeconds * clock.TimestampFrequency);
    private long? _told;
    private bool _isTold;
    private long _windowBegan;
    private long _score;
    private int _returned;
    private long _lastReturn;

    /// <summary>Whether a loop is proven, so that frames which come back are to be dropped.</summary>
    public bool IsStopping { get; private set; }

    /// <summary>Whether a frame that arrived is one that the bridge sent, in a loop, and is to be dropped.</summary>
    /// <param name="frame">The frame, as it arrived.</param>
    /// <param name="at">The port.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsOwnReturning(FrameBuffer frame, Side at)
    {
        return (IsStopping || IsToGroup(frame)) && Look(frame.Octets, at);
    }

    /// <summary>Notes a frame that the bridge sends.</summary>
    /// <param name="frame">The frame, as it leaves.</param>
    /// <param name="from">The port.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Departed(FrameBuffer frame, Side from)
    {
        if (IsStopping || IsToGroup(frame))
            Note(frame.Octets, from);
    }

    // IEEE 802 §8.2: the first octet's lowest bit.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsToGroup(FrameBuffer frame) => (frame.Array[frame.Start] & 1) != 0;

    private void Note(ReadOnlySpan<byte> octets, Side from)
    {
        ulong hash = Hash(octets);
        _sent[(int)from][hash % Entries] = new Sent(hash, clock.GetTimestamp());
    }

    private bool Look(ReadOnlySpan<byte> octets, Side at)
    {
        if (octets.IsEmpty)
            return false;

        ulong hash = Hash(octets);
        long now = clock.GetTimestamp();
        bool cameBackToItsPort = Holds(at, hash, now);
        if (IsStopping && now - _lastReturn > _quiet)
            End();

        // Of frames to one host the like may well come again from their sender, such as a segment that was lost.
        if (!cameBackToItsPort && !((octets[0] & 1) != 0 && Holds(at.Opposite(), hash, now)))
            return false;

        if (now - _windowBegan > _window)
            (_windowBegan, _score, _returned) = (now, 0, 0);
        _score += cameBackToItsPort ? SameWeight : OtherWeight;
        _returned++;
        if (cameBackToItsPort || !IsStopping)
            _lastReturn = now;
        if (!IsStopping && _score >= (long)limit * SameWeight)
            Begin(now);
        return IsStopping;
    }

    private void Begin(long now)
    {
        IsStopping = true;
        // In a quiet network a loop seems to end, and begins anew with the next broadcast.
        if (_told is { } told && now - told < _silence)
            return;

        (_told, _isTold) = (now, true);
        tell(_returned);
    }

    private void End()
    {
        IsStopping = false;
        if (_isTold)
            tell(0);
        _isTold = false;
    }

    private bool Holds(Side side, ulong hash, long now)
    {
        ref Sent sent = ref _sent[(int)side][hash % Entries];
        return sent.Hash == hash && now - sent.Time <= _window;
    }

    private ulong Hash(ReadOnlySpan<byte> octets)
    {
        const int Step = 2 * sizeof(ulong);
        ulong hash = _key ^ (uint)octets.Length;
        for (; octets.Length >= Step; octets = octets[Step..])
            hash = Mix(MemoryMarshal.Read<ulong>(octets) ^ _key2, MemoryMarshal.Read<ulong>(octets[sizeof(ulong)..]) ^ hash);

        Span<byte> rest = stackalloc byte[Step];
        rest.Clear();
        octets.CopyTo(rest);
        hash = Mix(MemoryMarshal.Read<ulong>(rest) ^ _key2, MemoryMarshal.Read<ulong>(rest[sizeof(ulong)..]) ^ hash);
        // 0 is what an empty entry has.
        return hash | 1UL << 63;
    }

    private static ulong Mix(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return BitOperations.RotateLeft(high, 1) ^ low;
    }

    private readonly record struct Sent(ulong Hash, long Time);
}
