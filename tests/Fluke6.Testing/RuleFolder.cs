namespace Fluke6.Testing;

/// <summary>A folder of rules that is gone after the test.</summary>
internal class RuleFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fluke6-rules-").FullName;

    public string this[string file] => System.IO.Path.Combine(Path, file);

    public string Write(string file, string text)
    {
        string path = this[file];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        // A test may have moved it away, and then failed.
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
