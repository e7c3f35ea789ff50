using System.Runtime.InteropServices;

namespace Fluke6.Scripting.Tests.Files;

/// <summary>A file system whose server never answers: FUSE, and nobody who reads the questions. Disposing ends it, and all that wait.</summary>
internal sealed class HangingFileSystem : IDisposable
{
    private const int O_RDWR = 2, O_CLOEXEC = 0x80000, MNT_DETACH = 2;
    private readonly string _folder;
    private readonly int _device;

    /// <summary>Mounts one over a folder.</summary>
    public HangingFileSystem(string folder)
    {
        _folder = folder;
        _device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
        Assert.SkipWhen(_device < 0, "there is no /dev/fuse that this user may open");
        int failed = mount("fluke6-test", folder, "fuse", 0, $"fd={_device},rootmode=40000,user_id=0,group_id=0");
        if (failed != 0)
            close(_device);
        Assert.SkipWhen(failed != 0, "FUSE cannot be mounted here");
    }

    public void Dispose()
    {
        umount2(_folder, MNT_DETACH);
        close(_device);
    }

    [DllImport("libc", CharSet = CharSet.Ansi)]
    private static extern int open(string path, int flags);

    [DllImport("libc", CharSet = CharSet.Ansi)]
    private static extern int mount(string source, string target, string type, ulong flags, string data);

    [DllImport("libc", CharSet = CharSet.Ansi)]
    private static extern int umount2(string target, int flags);

    [DllImport("libc")]
    private static extern int close(int descriptor);
}
