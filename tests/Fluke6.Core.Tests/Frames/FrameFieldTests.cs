using Fluke6.Frames;

namespace Fluke6.Core.Tests.Frames;

public sealed class FrameFieldTests
{
    /// <summary>A replay compares all fields of each frame that a rule edits, and needs the words of those that differ.</summary>
    [Fact]
    public void FieldsThatAreTheSameAreNotPutIntoWords()
    {
        Counted.Worded = 0;
        Assert.True(FrameField.Of("x", new Counted(1, 2)).ReadsAs(FrameField.Of("x", new Counted(1, 2))));
        Assert.Equal(0, Counted.Worded);
        Assert.False(FrameField.Of("x", new Counted(1, 2)).ReadsAs(FrameField.Of("x", new Counted(7, 2))));
        Assert.Equal(2, Counted.Worded);
    }

    [Fact]
    public void ValuesThatReadAlikeAreTheSame()
    {
        Assert.True(FrameField.Of("x", new Counted(1, 2)).ReadsAs(FrameField.Of("x", new Counted(1, 3))));
        Assert.True(FrameField.Of("x", 7).ReadsAs(new FrameField("x", "7")));
        Assert.False(FrameField.Of("x", 7).ReadsAs(FrameField.Of("x", 8L)));
    }

    [Fact]
    public void ValueOfAnyLengthIsKept()
    {
        Assert.Equal("340282366920938463463374607431768211455", FrameField.Of("x", UInt128.MaxValue).Text);
        Assert.Equal("(1, 2, 3)", FrameField.Of("x", (1L, 2L, 3L)).Text);
        Assert.Equal("True", FrameField.Of("x", true).Text);
    }

    private readonly struct Counted(int shown, int hidden)
    {
        [ThreadStatic]
        public static int Worded;

        private readonly int _hidden = hidden;

        public override string ToString()
        {
            Worded++;
            return _hidden < 0 ? "" : $"{shown}";
        }
    }
}
