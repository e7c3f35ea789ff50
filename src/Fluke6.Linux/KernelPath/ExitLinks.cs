using Fluke6.Linux.Native;
using Microsoft.Win32.SafeHandles;
using static Fluke6.Linux.KernelPath.Operation;
using static Fluke6.Linux.KernelPath.Register;

namespace Fluke6.Linux.KernelPath;

/// <summary>
/// Programs that forward everything between two interfaces while no bridge does. They stand at each interface after the bridge's own, which lets
/// no frame come to them, and stay when that goes with its process, however it ends: their links have names in the bpf file system.
/// </summary>
internal static class ExitLinks
{
    /// <summary>Where the names are.</summary>
    public const string Folder = "/sys/fs/bpf";

    /// <summary>Whether frames that arrive at an interface are forwarded by one. In the interface's network namespace.</summary>
    public static bool IsAt(int interfaceIndex) => File.Exists(PathOf(interfaceIndex));

    /// <summary>Puts one at each of two interfaces, after what is there. In their network namespace.</summary>
    /// <exception cref="PortException">The kernel refuses it.</exception>
    public static void Put(int left, int right)
    {
        foreach ((int from, int to) in ((int, int)[])[(left, right), (right, left)])
        {
            using SafeFileHandle program = BpfObjects.Load(Bpf.BPF_PROG_TYPE_SCHED_CLS, Write(to));
            using SafeFileHandle link = BpfObjects.Attach(program, from);
            // One of a bridge before, maybe to another interface: it goes only now, so that there is no time without.
            Remove(from);
            BpfObjects.Pin(link, PathOf(from));
        }
    }

    /// <summary>Takes away the one at an interface, if there is one. In the interface's network namespace.</summary>
    public static void Remove(int interfaceIndex)
    {
        if (!IsAt(interfaceIndex))
            return;

        try
        {
            File.Delete(PathOf(interfaceIndex));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new PortException($"{PathOf(interfaceIndex)} forwards what arrives at the interface and cannot be removed: {exception.Message}");
        }
    }

    /// <summary>Its name, for whoever wants it to end. In the interface's network namespace.</summary>
    public static string PathOf(int interfaceIndex)
    {
        // Such as net:[4026531840]; names in this file system have no dots.
        string space = string.Concat(NetworkNamespace.Identity.Where(char.IsAsciiDigit));
        return $"{Folder}/fluke6_{space}_{interfaceIndex}";
    }

    private static BpfCode.Instruction[] Write(int other)
    {
        var code = new BpfCode();
        code.Do(Move, R1, other);
        code.Do(Move, R2, 0);
        code.Call(Bpf.BPF_FUNC_redirect);
        code.Exit();
        return code.ToArray();
    }
}
