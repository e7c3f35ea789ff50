namespace Fluke6.Engine;

/// <summary>The treatment of threads that the operating system offers and .NET does not. Any thread may call it.</summary>
internal interface IThreads
{
    /// <summary>The calling thread, by the system's number.</summary>
    int Current { get; }

    /// <summary>Lets a thread have less of the processors than others. Does nothing for one that is no more.</summary>
    void Demote(int thread);

    /// <summary>The processor time that a thread used since it began; null if it is no more.</summary>
    TimeSpan? ProcessorTime(int thread);
}
