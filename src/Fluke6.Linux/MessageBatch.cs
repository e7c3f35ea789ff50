using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fluke6.Linux.Native;
using Tmds.Linux;

namespace Fluke6.Linux;

/// <summary>
/// The arrays that recvmmsg(2) and sendmmsg(2) work on: one buffer per message and, for receiving, auxiliary data and memory for what the
/// buffer has no room for.
/// </summary>
internal sealed unsafe class MessageBatch : IDisposable
{
    // CMSG_SPACE(sizeof(struct tpacket_auxdata)), on 64-bit and 32-bit machines alike no more than this.
    private const int ControlLength = 48;

    private readonly mmsghdr* _messages;
    private readonly iovec* _vectors;
    private readonly byte* _controls;
    private readonly int _vectorsEach;
    private readonly bool _hasControl;
    private bool _disposed;

    /// <summary>Arrays for so many messages.</summary>
    /// <param name="capacity">How many.</param>
    /// <param name="hasControl">Whether they bring auxiliary data.</param>
    /// <param name="overflow">Where what does not fit goes, if anywhere.</param>
    public MessageBatch(int capacity, bool hasControl, OverflowMemory? overflow = null)
    {
        Capacity = capacity;
        _hasControl = hasControl;
        _vectorsEach = overflow is null ? 1 : 2;
        _messages = (mmsghdr*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)sizeof(mmsghdr));
        _vectors = (iovec*)NativeMemory.AllocZeroed((nuint)(capacity * _vectorsEach), (nuint)sizeof(iovec));
        _controls = (byte*)NativeMemory.AllocZeroed((nuint)capacity, ControlLength);
        for (int i = 0; i < capacity; i++)
        {
            iovec* vectors = _vectors + (i * _vectorsEach);
            Header(i)->msg_iov = vectors;
            Header(i)->msg_iovlen = _vectorsEach;
            if (overflow is not null)
            {
                vectors[1].iov_base = overflow.AddressOf(i);
                vectors[1].iov_len = overflow.Each;
            }

            if (hasControl)
                Header(i)->msg_control = _controls + (i * ControlLength);
        }
    }

    /// <summary>How many messages fit.</summary>
    public int Capacity { get; }

    /// <summary>The messages from one on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public mmsghdr* From(int index) => _messages + index;

    /// <summary>Points a message at memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int index, byte* address, int length)
    {
        iovec* vector = _vectors + (index * _vectorsEach);
        vector->iov_base = address;
        vector->iov_len = length;
        if (_hasControl)
            Header(index)->msg_controllen = ControlLength;
    }

    /// <summary>How many octets a message brought.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Length(int index) => (int)_messages[index].msg_len;

    /// <summary>The kernel's flags of a message, MSG_….</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Flags(int index) => Header(index)->msg_flags;

    /// <summary>A packet socket's auxiliary data; false if a message brought none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetAuxiliaryData(int index, out tpacket_auxdata data)
    {
        cmsghdr* control = (cmsghdr*)(_controls + (index * ControlLength));
        if ((uint)Header(index)->msg_controllen < sizeof(cmsghdr) + sizeof(tpacket_auxdata)
            || control->cmsg_level != LibC.SOL_PACKET || control->cmsg_type != LibC.PACKET_AUXDATA)
        {
            data = default;
            return false;
        }

        data = *(tpacket_auxdata*)(control + 1);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;

        _disposed = true;
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_controls);
    }

    // mmsghdr begins with its msghdr; Tmds.LibC's property would copy it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private msghdr* Header(int index) => (msghdr*)(_messages + index);
}
