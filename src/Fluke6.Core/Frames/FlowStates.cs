namespace Fluke6.Frames;

/// <summary>
/// One rule's memory of flows, by their places in the table of flows and by type. Kept across reloads of the rule; worker's thread.
/// </summary>
internal sealed class FlowStates
{
    private Store[] _stores = [];

    /// <summary>The rule's memory of a flow in a type; zeros, or null, if nothing yet. Holds until the flow is forgotten.</summary>
    public ref T Of<T>(int index)
    {
        foreach (Store store in _stores)
        {
            if (store is Store<T> found)
                return ref found.At(index);
        }

        var added = new Store<T>();
        _stores = [.. _stores, added];
        return ref added.At(index);
    }

    /// <summary>The flow made room for another.</summary>
    public void Forget(int index)
    {
        foreach (Store store in _stores)
            store.Forget(index);
    }

    /// <summary>A version of the rule left: what is of a type that its script declares would hold all of it.</summary>
    public void ForgetWhatScriptsDeclare()
    {
        _stores = Array.FindAll(_stores, store => !store.IsOfScript);
        foreach (Store store in _stores)
            store.ForgetObjectsOfScripts();
    }

    private abstract class Store
    {
        public abstract bool IsOfScript { get; }

        public abstract void Forget(int index);

        public abstract void ForgetObjectsOfScripts();
    }

    // In pages: a state stays where it is while others are added, and a table of many millions costs only what is used of it.
    private sealed class Store<T> : Store
    {
        private const int PageBits = 8;

        private T[]?[] _pages = new T[]?[4];

        public override bool IsOfScript => typeof(T).IsCollectible;

        public ref T At(int index)
        {
            int page = index >> PageBits;
            if (page >= _pages.Length)
                Array.Resize(ref _pages, Math.Max(page + 1, _pages.Length * 2));
            T[] states = _pages[page] ??= new T[1 << PageBits];
            return ref states[index & ((1 << PageBits) - 1)];
        }

        public override void Forget(int index)
        {
            int page = index >> PageBits;
            if (page < _pages.Length && _pages[page] is { } states)
                states[index & ((1 << PageBits) - 1)] = default!;
        }

        public override void ForgetObjectsOfScripts()
        {
            if (typeof(T).IsValueType)
                return;

            foreach (T[] states in _pages.OfType<T[]>())
            {
                foreach (ref T state in states.AsSpan())
                {
                    if (state?.GetType().IsCollectible == true)
                        state = default!;
                }
            }
        }
    }
}
