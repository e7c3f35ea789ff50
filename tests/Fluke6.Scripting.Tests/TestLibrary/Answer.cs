namespace Fluke6.Scripting.Tests.TestLibrary;

/// <summary>What a script reaches through <c>#r</c>.</summary>
public static class Answer
{
    public static int Value => 42;
}
