using OpenVocab.Evaluation;

namespace OpenVocab.Tests.Evaluation;

public sealed class YoloDescriptionTests : IDisposable
{
    private readonly DatasetFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("names: [cat, dog]", "cat dog")]
    [InlineData("names:\n- cat\n- 7\nnc: 2", "cat 7")]
    [InlineData("names:\n  1: dog\n  0: cat\nnc: 2", "cat dog")]
    [InlineData("nc: 3", "class_0 class_1 class_2")]
    public void Classes_come_from_names_or_their_number(string yaml, string names) => Assert.Equal(names.Split(' '), Read(yaml).Classes().Select(item => item.Name));

    [Theory]
    [InlineData("val: a", "there is neither names nor nc")]
    [InlineData("nc: 3\nnames: [a, b]", "line 1, column 5: nc is 3, but names has 2 entries")]
    [InlineData("nc: 0", "line 1, column 5: an integer from 1 to 100000 is needed here, not \"0\"")]
    [InlineData("nc: 99999999999", "line 1, column 5: an integer from 1 to 100000 is needed here, not \"99999999999\"")]
    [InlineData("names: {0: a, 2: b}", "line 1, column 15: an integer from 0 to 1 is needed here, not \"2\"")]
    [InlineData("names: {0: a, -1: b}", "line 1, column 15: an integer from 0 to 1 is needed here, not \"-1\"")]
    [InlineData("names: {0: a, 00: b}", "line 1, column 15: the class 0 is named twice")]
    [InlineData("names: {0: a, 1: }", "the name of class 1 is empty")]
    [InlineData("names: [a, [b]]", "line 1, column 12: a single text is needed here")]
    [InlineData("names: cat", "line 1, column 8: names is \"cat\"; it must be a list")]
    [InlineData("names: []", "names has 0 entries; it must have 1 to 100000")]
    public void Faulty_classes_are_named_with_place_value_and_bound(string yaml, string words)
    {
        YoloDescription read = Read(yaml);

        SourceException thrown = Assert.Throws<SourceException>(() => read.Classes());

        Assert.StartsWith(_folder["data.yaml"], thrown.Message, StringComparison.Ordinal);
        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("val: a", "val", "a")]
    [InlineData("validation: a", "val", "a")]
    [InlineData("valid: a", "validation", "a")]
    [InlineData("val: a\nvalid: b", "valid", "b")]
    [InlineData("val:\nvalidation: b", "val", "b")]
    [InlineData("test: [a, b]", "test", "a b")]
    [InlineData("minival: a", "minival", "a")]
    public void A_part_is_found_under_the_names_that_tools_give_it(string yaml, string split, string entries) => Assert.Equal(entries.Split(' '), Read(yaml).Entries(split));

    [Fact]
    public void A_missing_part_is_answered_with_those_that_there_are()
    {
        SourceException thrown = Assert.Throws<SourceException>(() => Read("train: a\nval: b\ntest:\n").Entries("test"));

        Assert.Equal($"{_folder["data.yaml"]}: there is no part test; it has train, val.", thrown.Message);
        Assert.Contains("--split val", thrown.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "data.yaml, line 1, column 1: the file must be one mapping")]
    [InlineData("- a", "the file must be one mapping")]
    [InlineData("val: a\n---\nval: b", "the file must be one mapping")]
    [InlineData("val: [a\n", "line")]
    [InlineData("val: a\nval: b", "line 2")]
    [InlineData("val: !!s]r y", "the file is not YAML")]
    [InlineData("paa.: a\nval: [a, b>\nnames:\n ,0: \"cat\"\n  1: 'dog'\n  ? x\n  : !!str y\ndownload", "the file is not YAML")]
    [InlineData("names: &n [a]\nother: *n", "line 2, column 8: aliases (*name) are not read here")]
    public void What_is_no_description_is_refused_with_its_place(string yaml, string words)
    {
        SourceException thrown = Assert.Throws<SourceException>(() => Read(yaml));

        Assert.Equal(SourceFault.Damaged, thrown.Fault);
        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("["), InlineData("{a: "), InlineData("- "), InlineData("? ")]
    public void A_file_of_brackets_does_not_end_the_process(string bracket) =>
        Assert.Contains("more than 32 levels are nested here", Assert.Throws<SourceException>(() => Read("a:\n  " + string.Concat(Enumerable.Repeat(bracket, 50_000)))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_large_file_is_not_read()
    {
        SourceException thrown = Assert.Throws<SourceException>(() => Read("names: [a]\n#" + new string('x', 4 * 1024 * 1024)));

        Assert.Equal(SourceFault.TooLarge, thrown.Fault);
        Assert.Contains("at most 4194304 are read", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_in_the_file_only_a_source_exception_leaves()
    {
        const string Whole = "path: ../data # root\ntrain: images/train\nval: [a, b]\nnames:\n  0: \"cat\"\n  1: 'dog'\ndownload: |\n  import os\n";
        const string Letters = "[]{}:,-?&*!|>'\"%@`#\t\n 0a\0\uFEFF\u0085";
        Random random = new(1);
        for (int round = 0; round < 1_000; round++)
        {
            char[] text = Whole[..random.Next(Whole.Length + 1)].ToCharArray();
            for (int change = 0; change < 3 && text.Length > 0; change++) { text[random.Next(text.Length)] = Letters[random.Next(Letters.Length)]; }
            try
            {
                YoloDescription read = Read(new string(text));
                _ = (read.Root, read.Classes(), read.Entries("val"));
            }
            catch (SourceException refused) { Assert.EndsWith(".", refused.Message, StringComparison.Ordinal); }
        }
    }

    private YoloDescription Read(string yaml) => YoloDescription.Read(_folder.Text("data.yaml", yaml)["data.yaml"]);
}
