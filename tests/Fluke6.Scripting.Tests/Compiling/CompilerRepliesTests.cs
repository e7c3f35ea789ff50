using Fluke6.Scripting.Compiling;

namespace Fluke6.Scripting.Tests.Compiling;

/// <summary>Whatever comes out of the compiler's process, whoever waits for it goes on.</summary>
public sealed class CompilerRepliesTests
{
    private const int Longest = 100;

    [Fact]
    public async Task EachQuestionGetsItsReply()
    {
        var replies = new CompilerReplies(rehearses: true, Longest);
        Task<byte[]?> first = replies.Expect(_ => { }), second = replies.Expect(_ => { });
        replies.Read(new MemoryStream([.. Reply(2, [7, 8]), .. Reply(CompilerProgram.RehearsalNumber, []), .. Reply(1, [9])]));
        Assert.Equal([9], await first);
        Assert.Equal([7, 8], await second);
        Assert.False(replies.Rehearses);
    }

    public static TheoryData<string, byte[]> NoReplies => new()
    {
        { "nothing", [] },
        { "half a number", [1, 0] },
        { "half a reply", Reply(1, [1, 2, 3])[..^1] },
        { "a reply to nothing", Reply(5, [1]) },
        { "a negative length", [1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF] },
        { "a length without end", [1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F] },
        { "text", "A fatal error occurred."u8.ToArray() },
    };

    [Theory]
    [MemberData(nameof(NoReplies))]
    public async Task WhatIsNoReplyEndsTheWait(string name, byte[] bytes)
    {
        var replies = new CompilerReplies(rehearses: false, Longest);
        Task<byte[]?> asked = replies.Expect(_ => { });
        replies.Read(new MemoryStream(bytes));
        Assert.True(await asked is null, name);
        Assert.True(replies.Ended);
        Assert.Null(await replies.Expect(_ => Assert.Fail("nobody is there to be asked")));
    }

    private static byte[] Reply(int number, byte[] reply) => [.. BitConverter.GetBytes(number), .. BitConverter.GetBytes(reply.Length), .. reply];
}
