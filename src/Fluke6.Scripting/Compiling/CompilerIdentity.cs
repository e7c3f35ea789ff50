using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Fluke6.Frames;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting.Compiling;

/// <summary>
/// All that decides, beside a rule's own files, what the compiler makes of them: this build with its options, the API and all other
/// assemblies that scripts may name, the compiler, the framework.
/// </summary>
internal static class CompilerIdentity
{
    private static readonly Lazy<byte[]> s_current = new(Find);

    /// <summary>This program's, as a hash: as it was when this was asked for first.</summary>
    public static ReadOnlySpan<byte> Current => s_current.Value;

    // Files are told by what the kernel says of them: to read all of them at each start would cost more than the cache saves. Nobody can
    // write a file and keep the time of its last change.
    private static byte[] Find()
    {
        var text = new StringBuilder();
        foreach (Type type in (Type[])[typeof(object), typeof(Frame), typeof(RuleGlobals)])
            text.AppendLine($"{type.Assembly.FullName} {type.Module.ModuleVersionId}");
        text.AppendLine($"{RuntimeInformation.FrameworkDescription} {RuntimeInformation.RuntimeIdentifier}");

        string program = typeof(RuleGlobals).Assembly.Location;
        IEnumerable<string> files = ScriptReferences.Trusted.Order(StringComparer.Ordinal)
            .Append(Path.ChangeExtension(program, ".deps.json")).Append(Path.ChangeExtension(program, ".runtimeconfig.json"));
        foreach (string file in files)
        {
            FileStatus status = PathWalk.Look(file).Status;
            text.AppendLine($"{file} {status.Device} {status.Inode} {status.Length} {status.LastWrite} {status.LastChange}");
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
