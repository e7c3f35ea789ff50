using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Fluke6.TcpServices;
using static Fluke6.Core.Tests.TcpServices.Client;
using static Fluke6.Wire.TcpFlags;

namespace Fluke6.Core.Tests.TcpServices;

/// <summary>What a script keeps with a connection, and when that is let go of.</summary>
public sealed class KeptTests
{
    private TcpConnection? _connection;

    /// <summary>Answers a line once it is there whole, however it was cut up.</summary>
    private void AnswerLines(TcpConnection connection, ReadOnlySpan<byte> received)
    {
        _connection = connection;
        var pieces = (List<byte>)(connection.Kept ??= new List<byte>());
        pieces.AddRange(received);
        if (!received.EndsWith("\n"u8))
            return;
        connection.Write([.. pieces]);
        pieces.Clear();
    }

    [Fact]
    public void PiecesOfEachConnectionAreItsOwnAndSurviveAReload()
    {
        var host = new ServiceHost(handler: AnswerLines);
        Client first = new(host, port: 1), second = new(host, port: 2);
        first.Connect();
        second.Connect();
        Assert.Empty(Assert.Single(first.SayNext("he"u8.ToArray())).Payload);
        Assert.Empty(Assert.Single(second.SayNext("wor"u8.ToArray())).Payload);
        host.Reload(AnswerLines);
        Assert.Equal("hello\n", Assert.Single(first.SayNext("llo\n"u8.ToArray())).Text);
        Assert.Equal("world\n", Assert.Single(second.SayNext("ld\n"u8.ToArray())).Text);
    }

    public enum Ending
    {
        ClientResets,
        ServiceResets,
        ClientIsSilent,
        AnotherTakesItsPlace,
        BothClose,
    }

    [Theory]
    [InlineData(Ending.ClientResets)]
    [InlineData(Ending.ServiceResets)]
    [InlineData(Ending.ClientIsSilent)]
    [InlineData(Ending.AnotherTakesItsPlace)]
    [InlineData(Ending.BothClose)]
    public void EndsWithTheConnectionOfWhichTheHandlerIsNotTold(Ending ending)
    {
        var host = new ServiceHost(new TcpServiceOptions { MaxConnections = 1, IdleTimeout = TimeSpan.FromMinutes(1) }, AnswerLines);
        var client = new Client(host);
        client.Connect();
        client.SayNext([1]);
        Assert.NotNull(_connection!.Kept);
        switch (ending)
        {
            case Ending.ClientResets:
                client.Send(Rst);
                break;
            case Ending.ServiceResets:
                _connection.Reset();
                host.Pass(TimeSpan.FromMilliseconds(25));
                break;
            case Ending.ClientIsSilent:
                host.Pass(TimeSpan.FromMinutes(2));
                break;
            case Ending.AnotherTakesItsPlace:
                host.Pass(TimeSpan.FromSeconds(11));
                new Client(host, port: 2).Send(Syn);
                break;
            case Ending.BothClose:
                SentSegment fin = Assert.Single(client.Send(Fin | Ack));
                client.Sequence++;
                client.AcknowledgeUpTo(fin.Sequence + 1);
                break;
        }

        Assert.Equal(TcpConnectionState.Closed, _connection.State);
        Assert.Null(_connection.Kept);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhatTheScriptDeclaresGoesWithItsVersion(bool inAList)
    {
        var host = new ServiceHost(handler: (connection, _) => _connection = connection);
        var client = new Client(host);
        client.Connect();
        WeakReference version = KeepOneOfAScript(_connection!, inAList);
        int calls = 0;
        host.Reload((connection, _) =>
        {
            calls++;
            Assert.Null(connection.Kept);
        });
        for (int i = 0; version.IsAlive && i < 20; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(version.IsAlive, "the connection holds what a version declared that is gone");
        client.SayNext([1]);
        Assert.Equal((1, TcpConnectionState.Established), (calls, _connection!.State));
    }

    [Fact]
    public void VersionThatNeverRanTakesNothingAway()
    {
        var host = new ServiceHost(handler: (connection, _) => _connection = connection);
        var client = new Client(host);
        client.Connect();
        WeakReference version = KeepOneOfAScript(_connection!, inAList: false);
        host.FailToReload((_, _) => Assert.Fail("never ran"));
        client.SayNext([1]);
        Assert.NotNull(_connection!.Kept);
        Assert.True(version.IsAlive);
    }

    // As a script is loaded: so that it can be unloaded.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference KeepOneOfAScript(TcpConnection connection, bool inAList)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new("script"), AssemblyBuilderAccess.RunAndCollect);
        Type type = assembly.DefineDynamicModule("script").DefineType("Own").CreateType();
        connection.Kept = Activator.CreateInstance(inAList ? typeof(List<>).MakeGenericType(type) : type);
        return new WeakReference(type);
    }
}
