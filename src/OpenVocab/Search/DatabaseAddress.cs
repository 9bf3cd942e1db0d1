using Npgsql;

namespace OpenVocab.Search;

/// <summary>
/// Where an index lies in a PostgreSQL database: <c>postgres://user:password@host:port/database?sslmode=require#name</c>. What is missing comes from where PostgreSQL's programs take it
/// (<c>PGPASSWORD</c>, <c>~/.pgpass</c>, <c>PGUSER</c> …).
/// </summary>
/// <param name="Display">Without user and password: for messages.</param>
/// <param name="IndexName">A database holds several.</param>
/// <param name="Connection">With them: for Npgsql alone.</param>
internal sealed record DatabaseAddress(string Display, string IndexName, string Connection)
{
    private const int LongestName = 200, ConnectSeconds = 15, CommandSeconds = 600, UsualPort = 5432;
    private const string UsualName = "pictures", Form = "Write postgres://USER@HOST/DATABASE#NAME; the password lies best in ~/.pgpass or PGPASSWORD.";

    private static readonly string[] s_schemes = ["postgres", "postgresql"];

    /// <summary>True for what is meant as the address of a database.</summary>
    internal static bool Is(string place) => s_schemes.Any(scheme => place.StartsWith(scheme + "://", StringComparison.OrdinalIgnoreCase));

    /// <summary>Reads an address. Messages never repeat it: there may be a password in it.</summary>
    /// <exception cref="IndexException">It is none.</exception>
    internal static DatabaseAddress Parse(string place)
    {
        if (!Uri.TryCreate(place, UriKind.Absolute, out Uri? address) || address.Host.Length == 0) { throw new IndexException("The store is no address of a PostgreSQL database.", Form); }
        string[] user = address.UserInfo.Split(':', 2);
        string database = Uri.UnescapeDataString(address.AbsolutePath.Trim('/')), name = Uri.UnescapeDataString(address.Fragment.TrimStart('#'));
        if (name.Length == 0) { name = UsualName; }
        string display = Invariant($"postgres://{address.Host}:{(address.Port > 0 ? address.Port : UsualPort)}/{database}#{name}");
        if (database.Length == 0) { throw new IndexException($"{display}: the address names no database.", Form); }
        if (name.Length > LongestName || name.Contains('\0')) { throw new IndexException($"{display}: the name of the index has {name.Length} characters; at most {LongestName} are allowed.", "Choose a shorter one."); }
        NpgsqlConnectionStringBuilder settings = new()
        {
            Host = address.Host.Trim('[', ']'),
            Port = address.Port > 0 ? address.Port : UsualPort,
            Database = database,
            // One connection for the whole time, with the lock of writers: it goes when the connection does.
            Pooling = false,
            Timeout = ConnectSeconds,
            CommandTimeout = CommandSeconds,
            ApplicationName = "openvocab",
        };
        if (user[0].Length > 0) { settings.Username = Uri.UnescapeDataString(user[0]); }
        if (user.Length > 1) { settings.Password = Uri.UnescapeDataString(user[1]); }
        foreach (string pair in address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] parts = pair.Split('=', 2);
            settings.SslMode = parts is ["sslmode", { } mode] && Enum.TryParse(mode.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out SslMode wanted) && Enum.IsDefined(wanted)
                ? wanted
                : throw new IndexException($"{display}: the address has the setting \"{parts[0]}\", which is not known, or not with this value.", "Only sslmode is read: disable, allow, prefer, require, verify-ca, verify-full.");
        }
        return new(display, name, settings.ToString());
    }

    /// <summary>Without the password: a record would print it.</summary>
    public override string ToString() => Display;
}
