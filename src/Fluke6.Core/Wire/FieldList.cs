using System.Runtime.CompilerServices;

namespace Fluke6.Wire;

/// <summary>Makes a <see cref="FieldList{T}"/> of a collection expression.</summary>
public static class FieldList
{
    /// <summary>A list of these.</summary>
    public static FieldList<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());
}

/// <summary>
/// A field that holds several values, such as data or a list of addresses: <c>Servers = [first, second]</c>. Two are equal if their values
/// are.
/// </summary>
/// <typeparam name="T">What it lists.</typeparam>
[CollectionBuilder(typeof(FieldList), nameof(FieldList.Create))]
public readonly struct FieldList<T> : IEquatable<FieldList<T>>
{
    private readonly ReadOnlyMemory<T> _items;

    /// <summary>A list of what <paramref name="items"/> holds, which must stay as it is.</summary>
    public FieldList(ReadOnlyMemory<T> items) => _items = items;

    /// <summary>How many there are.</summary>
    public int Count => _items.Length;

    /// <summary>The values.</summary>
    public ReadOnlySpan<T> Span => _items.Span;

    /// <summary>One of the values.</summary>
    /// <exception cref="IndexOutOfRangeException">There are not that many.</exception>
    public T this[int index] => Span[index];

    /// <summary>A list of what the array holds, which must stay as it is.</summary>
    public static implicit operator FieldList<T>(T[] items) => new(items);

    /// <summary>A list of what the memory holds, which must stay as it is.</summary>
    public static implicit operator FieldList<T>(ReadOnlyMemory<T> items) => new(items);

    /// <inheritdoc/>
    public static bool operator ==(FieldList<T> left, FieldList<T> right) => left.Equals(right);

    /// <inheritdoc/>
    public static bool operator !=(FieldList<T> left, FieldList<T> right) => !left.Equals(right);

    /// <summary>The values from the first on.</summary>
    public ReadOnlySpan<T>.Enumerator GetEnumerator() => Span.GetEnumerator();

    /// <summary>The list, with default values at its end up to a length.</summary>
    internal FieldList<T> PaddedTo(int length)
    {
        if (length <= Count)
            return this;

        var padded = new T[length];
        Span.CopyTo(padded);
        return padded;
    }

    /// <inheritdoc/>
    public bool Equals(FieldList<T> other) => Span.SequenceEqual(other.Span, EqualityComparer<T>.Default);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is FieldList<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (T item in Span)
            hash.Add(item);
        return hash.ToHashCode();
    }

    /// <summary>The values in brackets.</summary>
    public override string ToString() => $"[{string.Join(", ", _items.ToArray())}]";
}
