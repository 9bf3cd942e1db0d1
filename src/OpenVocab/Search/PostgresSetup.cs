using Npgsql;

namespace OpenVocab.Search;

/// <summary>What a PostgreSQL server must have before an index can lie in it: pgvector, with vectors of halves.</summary>
internal static class PostgresSetup
{
    /// <summary>Looks for pgvector, and switches it on in the database where that is wanted and allowed.</summary>
    /// <exception cref="IndexException">It lacks, or is older than 0.7.</exception>
    internal static void Check(NpgsqlConnection connection, string name, bool mayChange)
    {
        if (Ask(connection, "SELECT extversion FROM pg_extension WHERE extname = 'vector'") is not string version)
        {
            if (Ask(connection, "SELECT default_version FROM pg_available_extensions WHERE name = 'vector'") is null) { throw PostgresErrors.NoVectors(name); }
            if (!mayChange) { throw PostgresErrors.NoIndex(name); }
            try { Ask(connection, "CREATE EXTENSION IF NOT EXISTS vector"); }
            catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.InsufficientPrivilege) { throw PostgresErrors.VectorsNotAllowed(name, fault); }
            // Npgsql reads the server's types when it connects, and those of the extension were not there yet.
            connection.ReloadTypes();
        }
        else if (Ask(connection, "SELECT to_regtype('halfvec')::text") is null) { throw PostgresErrors.OldVectors(name, version); }
    }

    /// <summary>The value that a query answers with; null for none.</summary>
    internal static object? Ask(NpgsqlConnection connection, string query)
    {
        using NpgsqlCommand command = new(query, connection);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }
}
