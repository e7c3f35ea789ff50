using System.Runtime.InteropServices;

namespace Fluke6.Scripting.Native;

/// <summary><c>stdio.h</c>, as far as Tmds.LibC lacks it. rename(2).</summary>
internal static unsafe partial class Stdio
{
    [LibraryImport("libc", SetLastError = true)]
    public static partial int renameat(int olddirfd, byte* oldpath, int newdirfd, byte* newpath);
}
