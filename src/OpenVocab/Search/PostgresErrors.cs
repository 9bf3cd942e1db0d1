using System.Net.Sockets;
using Npgsql;

namespace OpenVocab.Search;

/// <summary>The sentences about PostgreSQL, each in one place. What Npgsql says holds no password; of addresses only what <see cref="DatabaseAddress.Display"/> shows is said.</summary>
internal static class PostgresErrors
{
    internal static IndexException NoIndex(string name) => new($"{name}: there is no such index in this database.", "Make it: openvocab search index FOLDER --store ADDRESS --model BUNDLE.");

    internal static IndexException NoVectors(string name) => new(
        $"{name}: this PostgreSQL server has no pgvector, which compares vectors.", "Install it on the server (Debian: postgresql-NN-pgvector of PostgreSQL's own packages; image pgvector/pgvector), or index into a file with -o.");

    internal static IndexException VectorsNotAllowed(string name, Exception inner) => new(
        $"{name}: pgvector is not switched on in this database, and this user may not do it.", "Let an administrator run CREATE EXTENSION vector in the database.", inner);

    internal static IndexException OldVectors(string name, string version) => new(
        $"{name}: pgvector {version} has no vectors of halves; 0.7 or later is needed.", "Install a newer pgvector, and run ALTER EXTENSION vector UPDATE.");

    /// <summary>Puts what the server or the network says into words; null for what is none of theirs.</summary>
    internal static IndexException? Wrap(string name, Exception fault) => fault switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } server =>
            new($"{name}: the server refuses the user: {server.MessageText}.", "Put the password into ~/.pgpass or PGPASSWORD, and name the user in the address.", server),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } server => new($"{name}: {server.MessageText}.", "Make the database (createdb), or correct the address.", server),
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } server => new($"{name}: this user may not do that: {server.MessageText}.", "Let an administrator grant it, or use another user.", server),
        PostgresException server => new($"{name}: the database says: {server.MessageText} ({server.SqlState}).", "Look into the server's log; what was written before is whole.", server),
        NpgsqlException { InnerException: SocketException or TimeoutException or IOException } => new($"{name}: the server cannot be reached: {fault.InnerException!.Message}", "Check host, port and network; what was written before is whole.", fault),
        NpgsqlException or SocketException => new($"{name}: there is no connection to the database: {fault.Message}", "Check the address and the server; what was written before is whole.", fault),
        _ => null,
    };
}
