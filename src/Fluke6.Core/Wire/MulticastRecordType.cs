namespace Fluke6.Wire;

/// <summary>What a report says of a group. RFC 3810 §5.2.12.</summary>
public enum MulticastRecordType : byte
{
    /// <summary>MODE_IS_INCLUDE: listens to these sources alone. The answer to a query.</summary>
    IsIncluding = 1,

    /// <summary>MODE_IS_EXCLUDE: is a listener, of all sources but these. The answer to a query.</summary>
    IsListener = 2,

    /// <summary>CHANGE_TO_INCLUDE_MODE: is a listener no more, but of these sources.</summary>
    Leaves = 3,

    /// <summary>CHANGE_TO_EXCLUDE_MODE: becomes a listener, of all sources but these.</summary>
    Joins = 4,

    /// <summary>ALLOW_NEW_SOURCES: listens to these sources, too.</summary>
    AllowsSources = 5,

    /// <summary>BLOCK_OLD_SOURCES: listens to these sources no more.</summary>
    BlocksSources = 6,
}
