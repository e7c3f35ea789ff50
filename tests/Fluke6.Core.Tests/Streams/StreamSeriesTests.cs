using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Streams;

namespace Fluke6.Core.Tests.Streams;

/// <summary>A rule that rewrites what another made already: frames that the first one sends by itself pass the second, in their order.</summary>
public sealed class StreamSeriesTests
{
    [Fact]
    public void WhatOneRuleMakesTheNextOneRewrites()
    {
        StreamHost host = new StreamHost("x", new string('y', 100)).Handshake();
        RuleEntry second = host.Host.Entry("20-again", context =>
        {
            var streams = new TcpStreams(context, new TcpStreamOptions(), StreamHost.Replace("yy", "z"));
            return (ref frame) => streams.Rewrite(ref frame);
        });
        host.Host.Adopt(host.Rule, second);
        host.Handshake();
        IReadOnlyList<StreamHost.Sent> sent = host.Client(1001, new string('x', 50));
        Assert.Equal(new string('z', 2500), string.Concat(sent.Select(frame => frame.Data)));
        uint next = 1001;
        foreach (StreamHost.Sent frame in sent)
        {
            Assert.Equal(next, frame.Number);
            next += (uint)frame.Data.Length;
        }

        Assert.Equal("Left 5001 1051 ", $"{Assert.Single(host.Server(5001, "", 3501))}");
        Assert.Equal("Right 3501 5001 zz", string.Concat(host.Client(1051, "yyyy").Select(frame => $"{frame}")));
    }
}
