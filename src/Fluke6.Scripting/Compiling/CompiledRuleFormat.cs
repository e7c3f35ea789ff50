using Fluke6.Engine;
using Fluke6.Scripting.Files;
using Fluke6.Scripting.Positions;

namespace Fluke6.Scripting.Compiling;

/// <summary>How a compiled rule goes from the compiler's process to the bridge's. Both are of one build, so that the format has no version.</summary>
internal static class CompiledRuleFormat
{
    /// <summary>Writes whose files are taken.</summary>
    public static void Write(BinaryWriter writer, FileTrust trust)
    {
        writer.Write(trust.Owners is not null);
        if (trust.Owners is { } owners)
            WriteAll(writer, owners, writer.Write);
    }

    /// <summary>Reads whose files are taken.</summary>
    public static FileTrust ReadTrust(BinaryReader reader) =>
        reader.ReadBoolean() ? FileTrust.Of(ReadAll(reader, reader.ReadUInt32)) : FileTrust.Any;

    /// <summary>Writes a rule.</summary>
    public static void Write(BinaryWriter writer, CompiledRule rule)
    {
        writer.Write(rule.Path);
        WriteAll(writer, rule.Fingerprints, file =>
        {
            writer.Write(file.Key);
            file.Value.Write(writer);
        });
        WriteAll(writer, rule.Diagnostics, diagnostic =>
        {
            writer.Write(diagnostic.File);
            writer.Write(diagnostic.Line);
            writer.Write(diagnostic.Column);
            writer.Write(diagnostic.IsError);
            writer.Write(diagnostic.Id);
            writer.Write(diagnostic.Message);
        });
        WriteAll(writer, rule.References, writer.Write);
        writer.Write(rule.Parameters is not null);
        WriteAll(writer, rule.Parameters ?? [], parameter =>
        {
            writer.Write(parameter.Name);
            writer.Write(parameter.Type);
            writer.Write(parameter.Default);
            writer.Write(parameter.Range);
            writer.Write(parameter.Description);
        });
        writer.Write(rule.Assembly is not null);
        if (rule.Assembly is not { } assembly)
            return;

        writer.Write(assembly.Module.ToByteArray());
        WriteBytes(writer, assembly.Image);
        WriteBytes(writer, assembly.Symbols);
        WriteAll(writer, assembly.Cells, writer.Write);
        WriteAll(writer, assembly.Points, point =>
        {
            writer.Write(point.File);
            writer.Write(point.Line);
            writer.Write(point.Column);
            writer.Write(point.Method);
            writer.Write(point.Slot);
            writer.Write(point.Inlined);
        });
        writer.Write(assembly.Methods);
        WriteAll(writer, assembly.Calls, call =>
        {
            writer.Write(call.Caller);
            writer.Write(call.Callee);
        });
    }

    /// <summary>Reads a rule.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="trust">Whose files were to be taken.</param>
    /// <exception cref="EndOfStreamException">It is not all there.</exception>
    public static CompiledRule Read(BinaryReader reader, FileTrust trust)
    {
        string path = reader.ReadString();
        var fingerprints = new Dictionary<string, FileFingerprint>(StringComparer.Ordinal);
        foreach ((string file, FileFingerprint fingerprint) in ReadAll(reader, () => (reader.ReadString(), FileFingerprint.Read(reader))))
            fingerprints[file] = fingerprint;
        List<RuleDiagnostic> diagnostics = ReadAll(reader, () => new RuleDiagnostic(
            reader.ReadString(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadBoolean(), reader.ReadString(), reader.ReadString()));
        List<string> references = ReadAll(reader, reader.ReadString);
        bool isKnown = reader.ReadBoolean();
        List<AskedParameter> parameters = ReadAll(reader, () => new AskedParameter(
            reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString()));
        MarkedAssembly? assembly = reader.ReadBoolean() ? ReadAssembly(reader) : null;
        return new CompiledRule(path, fingerprints, diagnostics, assembly, references, trust) { Parameters = isKnown ? parameters : null };
    }

    private static MarkedAssembly ReadAssembly(BinaryReader reader)
    {
        // A file's name stands with each of its statements: one string for all.
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        string File(string name) => files.TryGetValue(name, out string? known) ? known : files[name] = name;

        return new MarkedAssembly(
            new Guid(reader.ReadBytes(16)),
            ReadBytes(reader),
            ReadBytes(reader),
            ReadAll(reader, reader.ReadInt32),
            ReadAll(reader, () => new ScriptPoint(
                File(reader.ReadString()), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadBoolean())),
            reader.ReadInt32(),
            ReadAll(reader, () => new ScriptCall(reader.ReadInt32(), reader.ReadInt32())));
    }

    private static void WriteBytes(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static byte[] ReadBytes(BinaryReader reader) => reader.ReadBytes(reader.ReadInt32());

    private static void WriteAll<T>(BinaryWriter writer, IReadOnlyCollection<T> items, Action<T> write)
    {
        writer.Write(items.Count);
        foreach (T item in items)
            write(item);
    }

    private static List<T> ReadAll<T>(BinaryReader reader, Func<T> read)
    {
        int count = reader.ReadInt32();
        var items = new List<T>(count);
        for (int i = 0; i < count; i++)
            items.Add(read());
        return items;
    }
}
