using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Fluke6.Command.Tests;

/// <summary>Headers are written by the code of Wire and by Packet, and nowhere else octet by octet.</summary>
public sealed partial class HandBuiltPacketTests
{
    /// <summary>What writes headers: the fields and views, the expression that joins them, and the offload header, which is a view as well.</summary>
    private static readonly string[] s_writers = ["src/Fluke6.Core/Wire/", "src/Fluke6.Core/Frames/Packet", "src/Fluke6.Core/Frames/Offload.cs"];

    /// <summary>Octets that no wire carries: memory that the bridge shares with whoever outlives it; a rule that is compiled and never run.</summary>
    private static readonly string[] s_otherMemory =
        ["src/Fluke6.Core/Engine/CrashRecord.cs", "src/Fluke6.Core/Engine/SharedPositions.cs", "src/Fluke6.Scripting/Compiling/Rehearsal.cs"];

    [Fact]
    public void NobodyElseWritesIntoPacketsByOffset()
    {
        string root = Root();
        string[] files =
        [
            .. Directory.GetFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)),
            .. Directory.GetFiles(Path.Combine(root, "examples"), "*.csx", SearchOption.AllDirectories),
        ];
        Assert.True(files.Length > 400, $"only {files.Length} files in {root}");
        string[] found =
        [
            .. files.Select(file => (file, Name: Path.GetRelativePath(root, file)))
                .Where(file => !s_writers.Concat(s_otherMemory).Any(other => file.Name.StartsWith(other, StringComparison.Ordinal)))
                .SelectMany(file => HandBuilt(File.ReadLines(file.file)).Select(line => $"{file.Name}:{line}")),
        ];
        Assert.True(found.Length == 0, "written by hand; use Packet, ...Fields or a view, or add to Wire what they lack:\n" + string.Join('\n', found));
    }

    [Theory]
    [InlineData("        WriteUInt16BigEndian(tag[2..], control);")]
    [InlineData("        BinaryPrimitives.WriteInt32BigEndian(span, 7);")]
    [InlineData("        octets[12] = 0x81;")]
    [InlineData("        frame.Edit()[12] |= 1;")]
    [InlineData("        segment[13] &= unchecked((byte)~fin);")]
    [InlineData("        (header[0], header[1]) = (next, 0);")]
    [InlineData("        byte[] frame = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x86, 0xDD];")]
    [InlineData("        byte[] frame = { 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, 0x02, 0x00 };")]
    [InlineData("        Send(Side.Left, Convert.FromHexString(\"333300000001020000000001\"));")]
    [InlineData("        frame.WritePayload(8, addresses);")]
    public void LineThatBuildsByHandIsFound(string line) => Assert.Single(HandBuilt([line]));

    [Theory]
    [InlineData("        if (octets[12] == 0x81)")]
    [InlineData("        // octets[12] = 0x81 would do the same")]
    [InlineData("        counts[0] = 1;")]
    [InlineData("        int port = ReadUInt16BigEndian(octets[2..]);")]
    [InlineData("        new VlanTagFields(7).Write(octets[12..]);")]
    public void LineThatDoesNotIsNotFound(string line) => Assert.Empty(HandBuilt([line]));

    private static IEnumerable<string> HandBuilt(IEnumerable<string> lines) => lines.Index()
        .Where(line => !Comment.IsMatch(line.Item) && (Word.IsMatch(line.Item) || Octet.IsMatch(line.Item) || Literal.IsMatch(line.Item)
            || Digits.IsMatch(line.Item) || PayloadAtOffset.IsMatch(line.Item)))
        .Select(line => $"{line.Index + 1}: {line.Item.Trim()}");

    private static string Root([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../.."));

    [GeneratedRegex(@"^\s*(//|\*)")]
    private static partial Regex Comment { get; }

    // A number in the network's byte order.
    [GeneratedRegex(@"\bWriteU?Int(16|32|64)BigEndian\(")]
    private static partial Regex Word { get; }

    // An octet at a place that is a number.
    [GeneratedRegex(@"\b_?(octets|bytes|frame|packet|header|network|segment|datagram|message|tag|option|data|rest|field|destination|Edit\(\))\[\^?\d+\](, [^=]*)?\)?\s*([|&^+-])?=(?!=)", RegexOptions.IgnoreCase)]
    private static partial Regex Octet { get; }

    // Eight octets or more in a row.
    [GeneratedRegex(@"[\[{]\s*((0x[0-9A-Fa-f]{1,2}|\d{1,3})\s*,\s*){7}")]
    private static partial Regex Literal { get; }

    [GeneratedRegex(@"\bFromHexString\(""")]
    private static partial Regex Digits { get; }

    [GeneratedRegex(@"\.WritePayload\(\d+, ")]
    private static partial Regex PayloadAtOffset { get; }
}
