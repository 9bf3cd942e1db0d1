namespace OpenVocab.Search;

/// <summary>A kind of index file: what must be in it, and what messages call it.</summary>
internal sealed record IndexLayout
{
    /// <summary>Pictures of a folder as vectors.</summary>
    internal static IndexLayout Pictures { get; } = new()
    {
        Holds = "pictures",
        Maker = "openvocab search index",
        Make = "openvocab search index FOLDER",
        Rest = " --model BUNDLE",
        ApplicationId = 0x4F_56_49_58, // "OVIX"
        Version = 1,
        Tables =
        [
            "CREATE TABLE info (model TEXT NOT NULL, sha256 TEXT NOT NULL, dimensions INTEGER NOT NULL, model_path TEXT, folder TEXT) STRICT",
            // The vector last: what is asked without it then never reads the pages that it spills over to.
            "CREATE TABLE picture (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL, modified INTEGER NOT NULL, fault TEXT, vector BLOB) STRICT",
        ],
    };

    /// <summary>Things that were seen in videos and pictures.</summary>
    internal static IndexLayout Videos { get; } = new()
    {
        Holds = "videos",
        Maker = "openvocab index",
        Make = "openvocab index VIDEO",
        ApplicationId = 0x4F_56_56_58, // "OVVX"
        Version = 1,
        Tables =
        [
            RegionIndexInfo.Table,
            "CREATE TABLE source (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, bytes INTEGER NOT NULL, modified INTEGER NOT NULL, fingerprint TEXT NOT NULL, settings TEXT NOT NULL, precision TEXT NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, frames INTEGER NOT NULL, duration INTEGER NOT NULL, damage TEXT) STRICT",
            "CREATE TABLE thing (id INTEGER PRIMARY KEY, source INTEGER NOT NULL, track INTEGER, first INTEGER NOT NULL, last INTEGER NOT NULL, frames INTEGER NOT NULL) STRICT",
            "CREATE INDEX thing_of_source ON thing (source)",
            "CREATE TABLE view (id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, time INTEGER NOT NULL, x1 REAL NOT NULL, y1 REAL NOT NULL, x2 REAL NOT NULL, y2 REAL NOT NULL, score REAL NOT NULL, region BLOB NOT NULL) STRICT",
            "CREATE INDEX view_of_thing ON view (thing)",
        ],
    };

    /// <summary>Things that live streams have shown: their frames are gone, so each thing keeps its best picture.</summary>
    internal static IndexLayout Streams { get; } = new()
    {
        Holds = "streams",
        Maker = "openvocab serve",
        Make = "openvocab serve --remember FILE",
        ApplicationId = 0x4F_56_53_58, // "OVSX"
        Version = 1,
        Tables =
        [
            RegionIndexInfo.Table,
            // The picture last: what is read without it then never reads the pages that it spills over to.
            "CREATE TABLE thing (id INTEGER PRIMARY KEY, stream TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, frames INTEGER NOT NULL, best INTEGER NOT NULL, x1 REAL NOT NULL, y1 REAL NOT NULL, x2 REAL NOT NULL, y2 REAL NOT NULL, region BLOB NOT NULL, picture BLOB NOT NULL) STRICT",
        ],
    };

    /// <summary>What it is an index of.</summary>
    internal required string Holds { get; init; }

    /// <summary>The command that makes one.</summary>
    internal required string Maker { get; init; }

    /// <summary>The same with what it wants before the file.</summary>
    internal required string Make { get; init; }

    /// <summary>And behind it.</summary>
    internal string Rest { get; init; } = "";

    internal required int ApplicationId { get; init; }

    internal required int Version { get; init; }

    /// <summary>Statements that make what is in it, in the order of their names.</summary>
    internal required IReadOnlyList<string> Tables { get; init; }
}
