using OpenVocab.Text;

namespace OpenVocab.Tests.Text;

public class ClipTextCleanerTests
{
    [Fact]
    public void All_golden_rows_are_cleaned_as_the_reference_cleans_them()
    {
        IReadOnlyList<TokenizerRow> rows = TokenizerRow.Read();

        Assert.Equal(1000, rows.Count);
        Assert.All(rows, row => Assert.Contains(ClipTextCleaner.Clean(row.Text), row.Cleaned));
    }

    [Theory]
    [InlineData("&NTILDE; &SZLIG; &#59; &notit; &amp;amp;lt;", "ñ ss ; ¬it; <")]
    [InlineData("<b>&eacute;</b>", "<b>é</b>")]
    [InlineData("ΟΔΟΣ ΣΑΣ'", "οδος σας'")]
    [InlineData("İstanbul", "i̇stanbul")]
    [InlineData("ﬁre ĳs ŉ", "fire ijs 'n")]
    [InlineData("\u001b[31mred\u001b[0m\u0007", "red")]
    public void Odd_texts_follow_the_rules(string text, string cleaned) => Assert.Equal(cleaned, ClipTextCleaner.Clean(text));

    [Fact]
    public void Half_a_surrogate_pair_becomes_the_replacement_character() => Assert.Equal("a\uFFFDb", ClipTextCleaner.Clean("a\uD800b"));
}
