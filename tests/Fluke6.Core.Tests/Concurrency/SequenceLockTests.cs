using Fluke6.Concurrency;

namespace Fluke6.Core.Tests.Concurrency;

public sealed class SequenceLockTests
{
    private const int Words = 32;

    private Entry _entry;

    [Fact]
    public void WhatIsCopiedIsOfOneWriting()
    {
        using var stop = new CancellationTokenSource();
        var writer = new Thread(() =>
        {
            for (long value = 1; !stop.IsCancellationRequested; value++)
            {
                _entry.Guard.BeginWrite();
                for (int i = 0; i < Words; i++)
                    _entry.Values[i] = value;
                _entry.Guard.EndWrite();
            }
        });
        writer.Start();
        try
        {
            // As many copies as it takes to see that the writer wrote between them.
            long last = 0;
            for (int copies = 0, changes = 0; copies < 100_000 || changes < 100; copies++)
            {
                if (!TryCopy(out long[] copy))
                    continue;

                Assert.All(copy, value => Assert.Equal(copy[0], value));
                Assert.True(copy[0] >= last);
                changes += copy[0] != last ? 1 : 0;
                last = copy[0];
            }
        }
        finally
        {
            stop.Cancel();
            writer.Join();
        }
    }

    [Fact]
    public void ReaderGivesUpOnAWriterThatNeverEnds()
    {
        _entry.Guard.BeginWrite();
        Assert.False(TryCopy(out _));
        _entry.Guard.EndWrite();
        Assert.True(TryCopy(out _));
    }

    [Fact]
    public void CopyThatAWriterCameUponIsNotWhole()
    {
        var reader = new SequenceLock.Reader(ref _entry.Guard);
        Assert.True(reader.TryBegin());
        Assert.True(reader.IsWhole);
        _entry.Guard.BeginWrite();
        Assert.False(reader.IsWhole);
        _entry.Guard.EndWrite();
        Assert.False(reader.IsWhole);
        Assert.True(reader.TryBegin());
        Assert.True(reader.IsWhole);
    }

    private bool TryCopy(out long[] copy)
    {
        copy = new long[Words];
        var reader = new SequenceLock.Reader(ref _entry.Guard);
        while (reader.TryBegin())
        {
            ((ReadOnlySpan<long>)_entry.Values).CopyTo(copy);
            if (reader.IsWhole)
                return true;
        }

        return false;
    }

    private struct Entry
    {
        public SequenceLock Guard;
        public Numbers Values;
    }

    [System.Runtime.CompilerServices.InlineArray(Words)]
    private struct Numbers
    {
        private long _first;
    }
}
