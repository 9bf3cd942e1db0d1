using System.Text.Json;
using System.Text.Json.Serialization;
using OpenVocab.Prompts;

namespace OpenVocab.Models.Catalog;

/// <summary>The models that can be fetched by name. Immutable.</summary>
public sealed class ModelCatalog
{
    private const string Resource = "OpenVocab.Models.catalog.json";

    // Strict: an unknown field, one that is there twice or one that is missing is a fault.
    private static readonly JsonSerializerOptions s_format = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    private ModelCatalog(IReadOnlyList<CatalogEntry> entries) => Entries = entries;

    /// <summary>All models, in the order of the file.</summary>
    public IReadOnlyList<CatalogEntry> Entries { get; }

    /// <summary>The catalogue that comes with this library.</summary>
    public static ModelCatalog ReadEmbedded()
    {
        using Stream stream = typeof(ModelCatalog).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The resource {Resource} was not built in.");
        using MemoryStream json = new();
        stream.CopyTo(json);
        return Parse(json.ToArray(), "catalog.json");
    }

    /// <summary>Reads a catalogue and checks it.</summary>
    /// <param name="json">UTF-8, the form of <c>models/catalog.json</c>.</param>
    /// <param name="origin">What messages call it.</param>
    /// <exception cref="ModelException">It is faulty; the message lists every fault.</exception>
    public static ModelCatalog Parse(ReadOnlySpan<byte> json, string origin)
    {
        Document document;
        try { document = JsonSerializer.Deserialize<Document>(json, s_format) ?? throw new JsonException("it is null."); }
        catch (JsonException fault) { throw new ModelException($"{origin}: this is no catalogue of models: {fault.Message}", "Compare it with models/catalog.json of the sources.", fault); }
        IReadOnlyList<string> faults = CatalogRules.FaultsOf(document.Entries);
        return faults.Count == 0 ? new(document.Entries) : throw new ModelException(
            $"{origin}: the catalogue cannot be used:{Environment.NewLine}{string.Join(Environment.NewLine, faults)}", "Correct these lines.");
    }

    /// <summary>The entry of a name.</summary>
    /// <exception cref="ModelException">There is none; the message names those that look alike.</exception>
    public CatalogEntry Find(string name) => Entries.FirstOrDefault(entry => entry.Name == name) ?? throw Unknown(name);

    /// <summary>All files that a working bundle of an entry is made of: its own, its text encoder's, and the tokenizer that another lends it.</summary>
    public IReadOnlyList<WantedFile> FilesFor(CatalogEntry entry)
    {
        List<WantedFile> wanted = [.. entry.Files.Select(file => new WantedFile(entry, file))];
        if (entry.TextEncoder is { } encoder) { wanted.AddRange(FilesFor(Find(encoder))); }
        if (entry.Tokenizer is { } lender) { wanted.AddRange(Find(lender).Files.Where(file => file.IsOfTokenizer).Select(file => new WantedFile(Find(lender), file))); }
        return wanted;
    }

    private ModelException Unknown(string name)
    {
        string[] near = [.. NearNames.Find(name, Entries.Select(entry => entry.Name))];
        return near.Length == 0
            ? new($"\"{name}\" is no model of the catalogue.", "openvocab models list shows them all.")
            : new($"\"{name}\" is no model of the catalogue.", $"Did you mean {string.Join(" or ", near)}? openvocab models list shows them all.");
    }

    private sealed record Document(IReadOnlyList<CatalogEntry> Entries);
}
