using System.Text;
using Tmds.Linux;

namespace Fluke6.Command;

/// <summary>Which file a path leads to, whatever its name.</summary>
internal static class FileIdentity
{
    /// <summary>Device and inode; null if there is no file, or it cannot be seen.</summary>
    public static unsafe (ulong Device, ulong Inode)? Of(string path)
    {
        stat status;
        fixed (byte* octets = Encoding.UTF8.GetBytes(path + '\0'))
            return LibC.stat(octets, &status) == 0 ? ((ulong)status.st_dev, (ulong)status.st_ino) : null;
    }
}
