using OpenVocab.Models;
using OpenVocab.Models.Catalog;

namespace OpenVocab.Cli.Commands;

/// <summary>What <see cref="ModelsPullCommand"/> meets outside of itself; tests bring their own.</summary>
internal sealed record PullSeams
{
    internal Func<ModelCatalog> ReadCatalog { get; init; } = ModelCatalog.ReadEmbedded;

    internal DownloadOptions Download { get; init; } = new();

    /// <summary>Folder for the bundles, a folder each.</summary>
    internal string Models { get; init; } = DownloadFolder.DefaultModels;

    /// <summary><see cref="PulledModels.Assemble"/>.</summary>
    internal Func<CatalogEntry, string, string?, string, bool, ImportedModel> Assemble { get; init; } = PulledModels.Assemble;

    /// <summary>Reads what a person answers; null where nobody sits there.</summary>
    internal Func<string?>? ReadAnswer { get; init; } = Console.IsInputRedirected ? null : Console.ReadLine;
}
