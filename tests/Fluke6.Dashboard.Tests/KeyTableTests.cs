using Fluke6.Dashboard.Details;
using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;
using Terminal.Gui.Input;

namespace Fluke6.Dashboard.Tests;

/// <summary>The keys are stated once: what the bar, the help and the documents say of them is what the table says.</summary>
public sealed class KeyTableTests
{
    public static TheoryData<bool> HostsOrNot => [true, false];

    [Theory]
    [MemberData(nameof(HostsOrNot))]
    public void QuitAndHelpShowAtEveryWidthAndNothingIsCut(bool hosts)
    {
        for (int columns = 20; columns <= 300; columns++)
        {
            string bar = KeyTable.Bar(columns, command => hosts || command is not (KeyCommand.LeftShell or KeyCommand.RightShell));
            Assert.InRange(ScreenText.Columns(bar), 1, columns);
            Assert.EndsWith(" q quit  ? help", bar);
        }
    }

    [Fact]
    public void MoreColumnsShowMore()
    {
        string before = "";
        for (int columns = 20; columns <= 300; columns++)
        {
            string bar = KeyTable.Bar(columns, _ => true);
            Assert.InRange(bar.Length, before.Length, columns);
            before = bar;
        }

        Assert.Equal(
            " Tab pane  ⏎ detail  spc on/off  + - move  r reload  e edit  s S sort  / filter  n neighbours  < > shell  p pause  c capture  "
                + "z zero  m mask  q quit  ? help",
            before);
    }

    [Fact]
    public void EveryKeyIsBoundOnceAndNamedInTheHelp()
    {
        KeyEntry[] entries = [.. KeyTable.Lines.SelectMany(line => line.Entries)];
        Assert.Distinct(entries.Select(entry => entry.Command));
        Assert.Equal(Enum.GetValues<KeyCommand>().Order(), entries.Select(entry => entry.Command).Order());
        Key[] keys = [.. entries.SelectMany(entry => entry.Keys)];
        Assert.Distinct(keys.Select(key => key.KeyCode));
        Assert.All(keys, key => Assert.NotNull(KeyTable.CommandOf(key)));
        string help = Help();
        foreach (KeyEntry entry in entries.Where(entry => entry.Word is not null && entry.Command != KeyCommand.Help))
            Assert.Contains(entry.Name is null ? $" {entry.Keys[0].AsRune} " : entry.Command == KeyCommand.ToggleRule ? " space " : $" {entry.Keys[0]}", help.Replace(',', ' '), StringComparison.Ordinal);
    }

    [Fact]
    public void DocumentsSayWhatTheTableSays()
    {
        string document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "dashboard.txt"));
        Assert.Contains($"\nKeys\n{Help()}\n\n", document, StringComparison.Ordinal);
        string bar = KeyTable.Bar(80, _ => true);
        Assert.Contains($"\n{bar}\n", document, StringComparison.Ordinal);
        Assert.Contains($"\n{bar}\n", File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "README.md")), StringComparison.Ordinal);
    }

    private static string Help() =>
        string.Join('\n', new HelpDetail([], _ => true).Lines(BridgeSnapshot.Empty).Take(KeyTable.Lines.Count(line => line.Names.Length > 0 && !line.GoesOn)).Select(line => $" {line.Text}"));
}
