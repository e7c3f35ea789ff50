namespace Fluke6.Scripting.Positions;

/// <summary>
/// Finds methods that may come to call themselves. Tarjan, "Depth-first search and linear graph algorithms", without recursion of its own.
/// </summary>
internal sealed class CallCycles
{
    /// <summary>Stands for all code that is not the script's.</summary>
    public const int Others = 0;

    private readonly Dictionary<int, HashSet<int>> _callees;
    private readonly Dictionary<int, int> _numbers = [];
    private readonly Dictionary<int, int> _lowest = [];
    private readonly Stack<int> _open = [];
    private readonly HashSet<int> _isOpen = [];
    private readonly HashSet<int> _found = [];

    private CallCycles(Dictionary<int, HashSet<int>> callees) => _callees = callees;

    /// <summary>The methods that lie on a cycle.</summary>
    /// <param name="callees">Of each method, those that it may call.</param>
    public static HashSet<int> Find(Dictionary<int, HashSet<int>> callees)
    {
        var cycles = new CallCycles(callees);
        foreach (int method in callees.Keys)
        {
            if (!cycles._numbers.ContainsKey(method))
                cycles.Walk(method);
        }

        return cycles._found;
    }

    private void Walk(int root)
    {
        var path = new Stack<(int Method, IEnumerator<int> Callees)>();
        path.Push(Enter(root));
        while (path.TryPeek(out var top))
        {
            if (top.Callees.MoveNext())
            {
                int callee = top.Callees.Current;
                if (!_callees.ContainsKey(callee))
                    continue;
                if (!_numbers.TryGetValue(callee, out int number))
                    path.Push(Enter(callee));
                else if (_isOpen.Contains(callee))
                    _lowest[top.Method] = Math.Min(_lowest[top.Method], number);
                continue;
            }

            path.Pop();
            if (path.TryPeek(out var caller))
                _lowest[caller.Method] = Math.Min(_lowest[caller.Method], _lowest[top.Method]);
            if (_lowest[top.Method] == _numbers[top.Method])
                Close(top.Method);
        }
    }

    private (int Method, IEnumerator<int> Callees) Enter(int method)
    {
        _numbers[method] = _lowest[method] = _numbers.Count;
        _open.Push(method);
        _isOpen.Add(method);
        return (method, _callees[method].GetEnumerator());
    }

    // All that were entered since and are still open reach each other.
    private void Close(int first)
    {
        bool isCycle = _open.Peek() != first || _callees[first].Contains(first);
        int method;
        do
        {
            method = _open.Pop();
            _isOpen.Remove(method);
            if (isCycle)
                _found.Add(method);
        }
        while (method != first);
    }
}
