using OpenVocab.Inference;

namespace OpenVocab.Tests.Inference;

public class PythonLiteralTests
{
    [Theory]
    [InlineData("'a'", "a"), InlineData("\"it's\"", "it's"), InlineData(@"'it\'s'", "it's"), InlineData(@"'\xe9\u00fc\U0001F600\\\n'", "éü😀\\\n"), InlineData("  'a' ", "a")]
    public void Strings_have_either_quote_and_escapes(string text, string expected) => Assert.Equal(expected, PythonLiteral.Parse(text));

    [Fact]
    public void Dictionaries_keep_their_order_and_keys_of_any_kind()
    {
        List<KeyValuePair<object, object?>> found = Assert.IsType<List<KeyValuePair<object, object?>>>(PythonLiteral.Parse("{0: 'a', '1': \"b\", 2: None,}"));

        Assert.Equal([new(0L, "a"), new("1", "b"), new(2L, null)], found);
    }

    [Fact]
    public void Lists_and_tuples_hold_numbers_and_words()
    {
        Assert.Equal([640L, -1L, 0.5, true, false], Assert.IsType<List<object?>>(PythonLiteral.Parse("[640, -1, 5e-1, True, False]")));
        Assert.Equal([640L], Assert.IsType<List<object?>>(PythonLiteral.Parse("(640,)")));
        Assert.Empty(Assert.IsType<List<object?>>(PythonLiteral.Parse("[]")));
    }

    [Theory]
    [InlineData("", "is expected at character 1, and there is nothing"), InlineData("'a", "the end of a string is expected"), InlineData("['a' 'b']", "a comma or ]"), InlineData("{0 'a'}", "a colon"), InlineData("__import__('os')", "is expected at character 1")]
    [InlineData("['a'] x", "the end is expected at character 7"), InlineData(@"'\q'", "a known escape"), InlineData(@"'\u12'", "4 hexadecimal digits"), InlineData("[[[[[[[[[[1]]]]]]]]]]", "nested deeper than 8"), InlineData("{0: 'a', ", "is expected at character 10")]
    public void Anything_else_is_refused_with_its_place(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<FormatException>(() => PythonLiteral.Parse(text)).Message, StringComparison.Ordinal);
}
