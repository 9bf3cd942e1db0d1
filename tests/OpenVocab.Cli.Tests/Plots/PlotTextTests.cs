using OpenVocab.Cli.Plots;

namespace OpenVocab.Cli.Tests.Plots;

public class PlotTextTests
{
    [Theory]
    [InlineData("dog", "dog")]
    [InlineData("", "")]
    [InlineData("<b>x</b> [red]y[/] {0}", "<b>x</b> [red]y[/] {0}")]
    [InlineData("two\r\nlines\tand\u0007bell", "two  lines and bell")]
    [InlineData("turned\u202Eround\u2028", "turned round")]
    [InlineData("exactly twenty-four char", "exactly twenty-four char")]
    [InlineData("exactly twenty-five chars", "exactly twenty-five cha…")]
    [InlineData("a name that ends in the gap", "a name that ends in the…")]
    public void A_name_is_one_line_of_at_most_24_characters(string name, string shown) => Assert.Equal(shown, PlotText.Shown(name));

    [Fact]
    public void A_long_name_is_not_cut_within_a_character()
    {
        string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467", accented = "e\u0301";

        Assert.Equal(string.Concat(Enumerable.Repeat(family, 23)) + "…", PlotText.Shown(string.Concat(Enumerable.Repeat(family, 200))));
        Assert.Equal(string.Concat(Enumerable.Repeat(accented, 24)), PlotText.Shown(string.Concat(Enumerable.Repeat(accented, 24))));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_replaced() => Assert.Equal("half \uFFFD pair", PlotText.Shown("half \ud83d pair"));

    [Fact]
    public void A_letter_with_thousands_of_accents_is_not_drawn() =>
        Assert.Equal("\uFFFD", PlotText.Shown("e" + new string('\u0301', 10_000)));
}
