using System.Xml.Linq;
using Fluke6.Command.Streams;
using Fluke6.Journal;

namespace Fluke6.Command.Testing;

/// <summary>How tests came out: said as they end, and kept for JUnit's XML.</summary>
internal sealed class TestResults
{
    private readonly Dictionary<string, XElement> _suites = new(StringComparer.Ordinal);

    /// <summary>Tests that passed.</summary>
    public int Passed { get; private set; }

    /// <summary>Tests that failed.</summary>
    public int Failed { get; private set; }

    /// <summary>Whether all rules compile.</summary>
    public bool Compile { get; set; } = true;

    /// <summary>Takes and says how a test came out.</summary>
    /// <param name="file">The file.</param>
    /// <param name="line">Where in it the test begins.</param>
    /// <param name="title">What the test shows.</param>
    /// <param name="failures">What is wrong; empty if it passed.</param>
    public void Add(string file, int line, string title, IReadOnlyList<TestFailure> failures)
    {
        string[] lines = [.. failures.SelectMany(failure => failure.Lines(file))];
        if (lines.Length == 0)
            Passed++;
        else
            Failed++;
        if (lines.Length > 0)
            StandardStreams.Output.WriteLine($"FAILED {file}:{line}: {title}");
        foreach (string said in lines)
            StandardStreams.Output.WriteLine($"  {said}");

        if (!_suites.TryGetValue(file, out XElement? suite))
            _suites[file] = suite = new XElement("testsuite", new XAttribute("name", file));
        // Control characters, of which XML has none.
        suite.Add(new XElement(
            "testcase",
            new XAttribute("name", PrintableText.Of(title)),
            new XAttribute("classname", file),
            lines.Length == 0 ? null : new XElement(
                "failure", new XAttribute("message", PrintableText.Of(lines[0])), string.Join('\n', lines.Select(said => PrintableText.Of(said))))));
    }

    /// <summary>Writes all results as JUnit's XML.</summary>
    /// <exception cref="CommandFailure">The file cannot be written.</exception>
    public void Write(string path)
    {
        foreach (XElement suite in _suites.Values)
        {
            suite.SetAttributeValue("tests", suite.Elements("testcase").Count());
            suite.SetAttributeValue("failures", suite.Descendants("failure").Count());
        }

        try
        {
            new XDocument(new XElement(
                "testsuites", new XAttribute("tests", Passed + Failed), new XAttribute("failures", Failed), _suites.Values)).Save(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, $"cannot write {path}: {exception.Message.TrimEnd('.')}");
        }
    }
}
