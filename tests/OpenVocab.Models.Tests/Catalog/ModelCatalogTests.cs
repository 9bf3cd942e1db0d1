using System.Text;
using OpenVocab.Models.Catalog;

namespace OpenVocab.Models.Tests.Catalog;

public sealed class ModelCatalogTests
{
    private const string Tiny = """
        { "entries": [ { "name": "tiny", "title": "Tiny", "kind": "text-image", "license": { "name": "MIT", "address": "https://example.org/license" },
          "files": [ { "name": "tiny.pt", "address": "https://example.org/tiny.pt", "bytes": 3, "sha256": null } ] } ] }
        """;

    [Fact]
    public void The_catalogue_that_comes_with_the_library_is_sound()
    {
        ModelCatalog catalog = ModelCatalog.ReadEmbedded();

        Assert.Equal(10, catalog.Entries.Select(entry => entry.Name).Distinct().Count());
        Assert.All(catalog.Entries.SelectMany(entry => entry.Files), file =>
        {
            Assert.Equal("https", file.Address.Scheme);
            Assert.EndsWith("/" + file.Name, file.Address.AbsolutePath, StringComparison.Ordinal);
            if (file.Sha256 is { } hash) { Assert.Matches("^[0-9a-f]{64}$", hash); }
        });
        Assert.All(catalog.Entries, entry => Assert.Equal("https", entry.License.Address.Scheme));
        Assert.Equal(
            ["yolov8l-world", "yolov8l-worldv2", "yolov8m-world", "yolov8s-world", "yolov8x-world", "yolov8x-worldv2"],
            catalog.Entries.Where(entry => entry.Files.Any(file => file.Sha256 is null)).Select(entry => entry.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_detector_brings_its_text_encoder_and_a_borrower_the_tokenizer_alone()
    {
        ModelCatalog catalog = ModelCatalog.ReadEmbedded();

        Assert.Equal(
            ["yolov8s-worldv2/yolov8s-worldv2.pt", "clip-vit-b-32/pytorch_model.bin", "clip-vit-b-32/config.json", "clip-vit-b-32/vocab.json", "clip-vit-b-32/merges.txt",
             "clip-vit-b-32/tokenizer.json", "clip-vit-b-32/preprocessor_config.json"],
            catalog.FilesFor(catalog.Find("yolov8s-worldv2")).Select(file => file.Name));
        Assert.Equal(
            ["clip-vit-b-32-openai/ViT-B-32.pt", "clip-vit-b-32/vocab.json", "clip-vit-b-32/merges.txt", "clip-vit-b-32/tokenizer.json"],
            catalog.FilesFor(catalog.Find("clip-vit-b-32-openai")).Select(file => file.Name));
    }

    [Theory]
    [InlineData("yolov8s-wordlv2", "Did you mean yolov8s-worldv2"), InlineData("YOLOv8s-worldv2", "Did you mean yolov8s-worldv2"), InlineData("clip", "clip-vit-b-32"),
     InlineData("yolov8s-worldv2.pt", "yolov8s-worldv2"), InlineData("nonsense", "openvocab models list"), InlineData("", "openvocab models list")]
    public void An_unknown_name_is_answered_with_near_ones(string name, string words)
    {
        ModelException thrown = Assert.Throws<ModelException>(() => ModelCatalog.ReadEmbedded().Find(name));

        Assert.StartsWith($"\"{name}\" is no model of the catalogue", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(words, thrown.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"name\": \"tiny\"", "\"name\": \"../tiny\"", "The name \"../tiny\""), InlineData("\"tiny.pt\"", "\"../../tiny.pt\"", "the file name \"../../tiny.pt\""),
     InlineData("\"tiny.pt\"", "\".bashrc\"", "\".bashrc\""), InlineData("\"tiny.pt\"", "\"tiny.pt.part\"", "\"tiny.pt.part\""),
     InlineData("https://example.org/tiny.pt", "http://example.org/tiny.pt", "must begin with https://"), InlineData("https://example.org/tiny.pt", "https://a:b@example.org/tiny.pt", "hold no password"),
     InlineData("https://example.org/license", "/license", "the address of the licence"), InlineData("\"bytes\": 3", "\"bytes\": 0", "tiny.pt has 0 bytes"),
     InlineData("\"sha256\": null", "\"sha256\": \"AB\"", "the SHA-256 of tiny.pt is \"AB\""), InlineData("text-image", "detector", "must name a textEncoder"),
     InlineData("\"kind\"", "\"tokenizer\": \"tiny\", \"kind\"", "the tokenizer \"tiny\"")]
    public void A_value_that_cannot_be_used_is_named(string old, string replacement, string words)
    {
        ModelException thrown = Assert.Throws<ModelException>(() => Parse(Tiny.Replace(old, replacement, StringComparison.Ordinal)));

        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"bytes\": 3,", ""), InlineData("\"title\"", "\"titel\""), InlineData("\"kind\": \"text-image\"", "\"kind\": 1"), InlineData("\"bytes\": 3", "\"bytes\": 3, \"bytes\": 4"),
     InlineData("\"name\": \"tiny.pt\"", "\"name\": null"), InlineData("{ \"entries\"", "[ \"entries\"")]
    public void A_form_that_is_not_ours_is_refused(string old, string replacement) =>
        Assert.Contains("this is no catalogue of models", Assert.Throws<ModelException>(() => Parse(Tiny.Replace(old, replacement, StringComparison.Ordinal))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_that_is_there_twice_is_refused()
    {
        string entry = Tiny[(Tiny.IndexOf('[', StringComparison.Ordinal) + 1)..Tiny.LastIndexOf(']')];

        ModelException thrown = Assert.Throws<ModelException>(() => Parse($"{{ \"entries\": [ {entry}, {entry} ] }}"));

        Assert.Contains("The name \"tiny\" is there more than once", thrown.Message, StringComparison.Ordinal);
    }

    private static ModelCatalog Parse(string json) => ModelCatalog.Parse(Encoding.UTF8.GetBytes(json), "test");
}
