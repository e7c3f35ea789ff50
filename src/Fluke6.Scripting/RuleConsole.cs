using System.Runtime.CompilerServices;
using System.Text;
using Fluke6.Engine;
using Fluke6.Rules;

namespace Fluke6.Scripting;

/// <summary>
/// The console as rules find it: lines that they write become lines of their log, since the terminal belongs to the dashboard and standard
/// output to the report, and there is nothing to read. The program's own lines go where they went.
/// </summary>
internal sealed class RuleConsole : TextWriter
{
    private const int MaxLineLength = 512;    // as of a log line

    private readonly TextWriter _own;
    private readonly ConditionalWeakTable<RuleContext, StringBuilder> _begun = [];

    private RuleConsole(TextWriter own) => _own = own;

    /// <inheritdoc/>
    public override Encoding Encoding => _own.Encoding;

    /// <summary>Becomes the process's console, around the one there is.</summary>
    public static void Install()
    {
        Console.SetOut(new RuleConsole(Console.Out));
        Console.SetError(new RuleConsole(Console.Error));
        Console.SetIn(TextReader.Null);
    }

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Write($"{value}\n");

    /// <inheritdoc/>
    public override void Flush() => _own.Flush();

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        // The call that Apply ends with may be a jump, which leaves nothing of the rule on the stack.
        if ((ScriptOrigin.OfCaller() ?? RuleCall.OfThisThread?.RunningRule?.Context) is { } rule)
            WriteTo(rule, buffer);
        else
            _own.Write(buffer);
    }

    private void WriteTo(RuleContext rule, ReadOnlySpan<char> text)
    {
        StringBuilder line = _begun.GetOrCreateValue(rule);
        lock (line)
        {
            while (!text.IsEmpty)
            {
                int end = text.IndexOf('\n');
                ReadOnlySpan<char> part = (end < 0 ? text : text[..end]).TrimEnd('\r');
                line.Append(part[..Math.Min(part.Length, MaxLineLength - line.Length)]);
                text = end < 0 ? [] : text[(end + 1)..];
                if (end < 0 && line.Length < MaxLineLength)
                    continue;

                string whole = line.ToString();
                line.Clear();
                rule.Log(whole);
            }
        }
    }
}
