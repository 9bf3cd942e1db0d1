using OpenVocab.Prompts;

namespace OpenVocab.Tests.Prompts;

public sealed class PromptFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_yaml_file_says_everything_that_a_set_can_hold()
    {
        PromptSet read = Read("p.yaml", """
            templates: ["{}", "a photo of a {}"]        # embeddings averaged, then normalised
            background: ["street", "building"]
            classes:
              - person
              - name: bag
                prompts: [backpack, handbag, suitcase]
                threshold: 0.35
                color: "#ff8800"
                group: luggage
              - on
            """);

        Assert.Equal(new PromptSet(
            [new("person"), new("bag") { Prompts = ["backpack", "handbag", "suitcase"], Threshold = 0.35f, Color = "#ff8800", Group = "luggage" }, new("on")],
            ["street", "building"], ["{}", "a photo of a {}"]), read);
    }

    [Fact]
    public void What_is_written_as_yaml_is_read_as_the_same_set()
    {
        PromptSet set = new(
            [new("person"), new("yes"), new("0.5"), new("a: \"b\" # c, [d] {e} 'f' é 人 😀"), new("bag") { Prompts = ["backpack", "- x"], Threshold = 0.35f, Color = "#ff8800", Group = "luggage" }, new("tv") { Threshold = 0 }],
            ["street"], ["{}", "a photo of a {}"]);
        Assert.Equal(set, Read("p.yaml", PromptFile.ToYaml(set)));
        PromptSet plain = PromptSet.Of("dog");
        Assert.Equal(plain, Read("p.yaml", PromptFile.ToYaml(plain)));
    }

    [Fact]
    public void Yaml_that_would_end_the_process_is_refused() =>
        Assert.Contains("more than 32 levels", Assert.Throws<PromptException>(() => Read("p.yaml", $"classes: {new string('[', 100_000)}")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_text_file_has_a_class_a_line() =>
        Assert.Equal(new PromptSet([new("person") { Threshold = 0.4f }, new("red backpack")]), Read("p.txt", "# mine\nperson:0.4\r\n\n  red backpack\n"));

    [Theory]
    [InlineData("p.yaml", "classes: [a]\nclases: [b]", "line 2, column 1: the key clases is unknown")]
    [InlineData("p.yaml", "classes:\n  - name: a\n    treshold: 1", "line 3, column 5: the key treshold is unknown")]
    [InlineData("p.yaml", "classes:\n  - prompts: [a]", "line 2, column 5: a class lacks the key name")]
    [InlineData("p.yaml", "classes:\n  - name: a\n    threshold: high", "line 3, column 16: a number is needed")]
    [InlineData("p.yaml", "classes: person", "line 1, column 10: a list is needed")]
    [InlineData("p.yaml", "classes: [a, a]", "\"a\" is named twice")]
    [InlineData("p.yaml", "classes: [a\n", "line")]
    [InlineData("p.yaml", "", "must be one mapping")]
    [InlineData("p.yaml", "!!s]r", "not YAML")]
    [InlineData("p.yaml", "classes: &a [b]\nbackground: *a", "line 2, column 13: aliases (*name) are not read here")]
    [InlineData("p.yaml", "classes: [a]\nclasses: [b]", "line 2")]
    [InlineData("p.txt", "person\ncat:x\n", "line 2")]
    [InlineData("p.txt", "\n\n", "list of classes is empty")]
    public void A_faulty_file_is_refused_with_its_name_and_place(string name, string content, string words)
    {
        PromptException thrown = Assert.Throws<PromptException>(() => Read(name, content));

        Assert.StartsWith(_folder[name], thrown.Message, StringComparison.Ordinal);
        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains("none.yaml", Assert.Throws<PromptException>(() => PromptFile.Read(_folder["none.yaml"])).Message, StringComparison.Ordinal);

    private PromptSet Read(string name, string content)
    {
        File.WriteAllText(_folder[name], content);
        return PromptFile.Read(_folder[name]);
    }
}
