using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Scripting.Files;

/// <summary>The kernel's description of a file, a folder or a link. stat(2).</summary>
/// <param name="Device">Of the file system.</param>
/// <param name="Inode">With the device, which file it is, whatever it is called.</param>
/// <param name="Mode">Type and permissions.</param>
/// <param name="Owner">The user's number.</param>
/// <param name="Group">The group's number.</param>
/// <param name="Length">In octets.</param>
/// <param name="LastWrite">Of the content, in nanoseconds since 1970; anybody who may write the file can set it.</param>
/// <param name="LastChange">Of content, owner or mode, in the same unit; nobody can set it.</param>
internal readonly record struct FileStatus(
    ulong Device, ulong Inode, ushort Mode, uint Owner, uint Group, long Length, long LastWrite, long LastChange)
{
    private const int NanosecondsPerSecond = 1_000_000_000;

    public bool IsRegular => Type == (ushort)S_IFREG;

    public bool IsFolder => Type == (ushort)S_IFDIR;

    public bool IsLink => Type == (ushort)S_IFLNK;

    /// <summary>Whether everybody may write.</summary>
    public bool IsWritableByAll => (Mode & (ushort)S_IWOTH) != 0;

    /// <summary>Whether the group may write.</summary>
    public bool IsWritableByGroup => (Mode & (ushort)S_IWGRP) != 0;

    /// <summary>Whether, in a folder that others may write, only owners may remove and rename what is theirs. inode(7).</summary>
    public bool IsSticky => (Mode & (ushort)S_ISVTX) != 0;

    /// <summary>The permissions, as chmod takes them.</summary>
    public string Permissions => Convert.ToString(Mode & 0xfff, 8).PadLeft(4, '0');

    public DateTime LastWriteTime => DateTime.UnixEpoch.AddTicks(LastWrite / 100);

    /// <summary>Its kind, in a word or two.</summary>
    public string Kind =>
        IsRegular ? "a file"
        : IsFolder ? "a folder"
        : Type == (ushort)S_IFIFO ? "a FIFO"
        : Type == (ushort)S_IFSOCK ? "a socket"
        : IsLink ? "a link"
        : "a device";

    private ushort Type => (ushort)(Mode & (ushort)S_IFMT);

    /// <summary>Whether it is the same file or folder, as it was or not.</summary>
    public bool IsSame(FileStatus other) => Device == other.Device && Inode == other.Inode;

    public static FileStatus From(in stat status) => new(
        status.st_dev, status.st_ino, (ushort)status.st_mode, status.st_uid, status.st_gid, status.st_size,
        Nanoseconds(status.st_mtim), Nanoseconds(status.st_ctim));

    private static long Nanoseconds(timespec time) => time.tv_sec * NanosecondsPerSecond + time.tv_nsec;
}
