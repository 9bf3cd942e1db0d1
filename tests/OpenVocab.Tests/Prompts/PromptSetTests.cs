using OpenVocab.Prompts;

namespace OpenVocab.Tests.Prompts;

public class PromptSetTests
{
    [Fact]
    public void A_line_has_names_thresholds_and_quotes()
    {
        PromptSet read = PromptSet.Parse("person:0.4, red backpack , \"time: 10:30, late\":0.5, \"a:b\"");

        Assert.Equal(new PromptSet([
            new("person") { Threshold = 0.4f }, new("red backpack"), new("time: 10:30, late") { Threshold = 0.5f }, new("a:b")]), read);
    }

    [Theory]
    [InlineData("", "A class is empty.")]
    [InlineData("cat,,dog", "A class is empty.")]
    [InlineData("cat, dog, cat", "\"cat\" is named twice")]
    [InlineData("person:", "\"person:\": what follows the colon is no number")]
    [InlineData("person:high", "\"person:high\": what follows the colon is no number")]
    [InlineData("person:1.5", "The threshold of \"person\" is 1.5; it must lie between 0 and 1")]
    [InlineData("person:NaN", "must lie between 0 and 1")]
    [InlineData("\"person", "a double quote is not closed")]
    [InlineData("per\u0007son", "\"per\\u0007son\" contains a control character")]
    public void A_faulty_line_is_refused_with_the_prompt_that_is_wrong(string line, string words) =>
        Assert.Contains(words, Assert.Throws<PromptException>(() => PromptSet.Parse(line)).Message, StringComparison.Ordinal);

    [Fact]
    public void All_faults_are_reported_together()
    {
        PromptException thrown = Assert.Throws<PromptException>(() => new PromptSet(
            [new("a") { Prompts = [] }, new("b") { Prompts = ["x"], Color = "red" }, new("c") { Prompts = ["x"] }, new("b")], ["x"], ["no place", "{} and {}"]));

        foreach (string part in new[] { "\"a\" has no prompts", "colour of \"b\"", "\"x\" stands for \"b\" and for \"c\"", "\"b\" is named twice", "and for the background", "\"no place\" has 0", "\"{} and {}\" has 2" })
        {
            Assert.Contains(part, thrown.Message, StringComparison.Ordinal);
        }
    }

    [Theory, InlineData("dog,dog", "The class \"dog\" is named twice."), InlineData(",,", "A class is empty.")]
    public void One_fault_was_reported_as_two(string line, string message) => Assert.Equal(message, Assert.Throws<PromptException>(() => PromptSet.Parse(line)).Message);

    [Fact]
    public void An_empty_list_and_an_endless_one_are_refused()
    {
        Assert.Contains("list of classes is empty", Assert.Throws<PromptException>(() => PromptSet.Of()).Message, StringComparison.Ordinal);
        Assert.Contains("2001 prompts; at most 2000", Assert.Throws<PromptException>(() => PromptSet.Of(Enumerable.Range(0, 2001).Select(i => $"thing {i}"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_code_a_colon_is_a_colon() => Assert.Equal("person:0.4", PromptSet.Of("person:0.4").Classes[0].Name);

    [Fact]
    public void Sets_of_equal_content_are_equal_and_others_are_not()
    {
        PromptSet one = new([new("a") { Prompts = ["x", "y"] }], ["sky"], ["{}"]);

        Assert.Equal(one, new PromptSet([new("a") { Prompts = ["x", "y"] }], ["sky"], ["{}"]));
        Assert.Equal(one.GetHashCode(), new PromptSet([new("a") { Prompts = ["x", "y"] }], ["sky"], ["{}"]).GetHashCode());
        Assert.NotEqual(one, new PromptSet([new("a") { Prompts = ["y", "x"] }], ["sky"], ["{}"]));
        Assert.NotEqual(one, new PromptSet([new("a") { Prompts = ["x", "y"] }], ["sky"]));
        Assert.NotEqual(one, new PromptSet([new("a") { Prompts = ["x", "y"], Threshold = 0.5f }], ["sky"], ["{}"]));
    }

    [Fact]
    public void Classes_of_one_group_share_the_id_under_which_they_are_suppressed()
    {
        PromptSet prompts = new([new("a"), new("b") { Group = "g" }, new("c"), new("d") { Group = "g" }]);

        Assert.Equal([0, 1, 2, 1], TestResults.VocabularyOf(prompts).SuppressionGroups);
    }
}
