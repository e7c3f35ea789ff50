using Fluke6.Captures;

namespace Fluke6.Core.Tests.Captures;

/// <summary>A capture is its owner's to read, and is written where its name says and nowhere else.</summary>
public sealed class CaptureTargetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fluke6-capture-").FullName;

    private string At(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void NewFileIsItsOwnersAlone()
    {
        CaptureTarget.Open(At("new"), overwrite: true).Dispose();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("new")));
        CaptureTarget.Open(At("another"), overwrite: false).Dispose();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(At("another")));
    }

    [Fact]
    public void FileThatIsThereIsOverwrittenIfThatIsWantedAndKeepsItsMode()
    {
        File.WriteAllText(At("old"), "something longer");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        File.SetUnixFileMode(At("old"), Mode);
        Assert.ThrowsAny<IOException>(() => CaptureTarget.Open(At("old"), overwrite: false));
        Assert.Equal("something longer", File.ReadAllText(At("old")));
        using (FileStream file = CaptureTarget.Open(At("old"), overwrite: true))
            file.Write("new"u8);
        Assert.Equal(("new", Mode), (File.ReadAllText(At("old")), File.GetUnixFileMode(At("old"))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LinkIsNotFollowed(bool overwrite)
    {
        File.WriteAllText(At("target"), "precious");
        File.CreateSymbolicLink(At("link"), At("target"));
        IOException refused = Assert.ThrowsAny<IOException>(() => CaptureTarget.Open(At("link"), overwrite));
        Assert.Equal("precious", File.ReadAllText(At("target")));
        if (overwrite)
            Assert.Equal($"a capture follows no symbolic link, and that is one to {At("target")}", refused.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void LinkThatLeadsNowhereMakesNoFile(bool overwrite)
    {
        File.CreateSymbolicLink(At("link"), At("target"));
        Assert.ThrowsAny<IOException>(() => CaptureTarget.Open(At("link"), overwrite));
        Assert.False(File.Exists(At("target")));
    }

    [Theory]
    [InlineData("strip.csx", true)]
    [InlineData("strip.csx", false)]
    [InlineData("strip.test", true)]
    public void RuleOrItsTestsAreNotOverwritten(string name, bool overwrite)
    {
        File.WriteAllText(At(name), "precious");
        Assert.Equal(
            "a capture would overwrite that rule or its tests", Assert.ThrowsAny<IOException>(() => CaptureTarget.Open(At(name), overwrite)).Message);
        Assert.Equal("precious", File.ReadAllText(At(name)));
        Assert.ThrowsAny<IOException>(() => CaptureTarget.OpenAtEnd(At(name)));
    }

    // As /dev/stdout, which nobody but the system can have made.
    [Fact]
    public void DescriptorByItsLinkIsWrittenTo()
    {
        using var open = new FileStream(At("open"), FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite);
        using (FileStream file = CaptureTarget.Open($"/proc/self/fd/{open.SafeFileHandle.DangerousGetHandle()}", overwrite: true))
            file.Write("x"u8);
        Assert.Equal("x", File.ReadAllText(At("open")));
    }

    [Fact]
    public void DeviceHasNoLengthToSet()
    {
        using FileStream file = CaptureTarget.Open("/dev/null", overwrite: true);
        file.Write("x"u8);
    }

    [Fact]
    public void FolderAndWhatIsInNoneCannotBe()
    {
        Assert.Throws<UnauthorizedAccessException>(() => CaptureTarget.Open(_folder, overwrite: true));
        Assert.ThrowsAny<IOException>(() => CaptureTarget.Open(At("no/such"), overwrite: true));
    }
}
