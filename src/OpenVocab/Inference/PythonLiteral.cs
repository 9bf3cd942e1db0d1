using System.Globalization;
using System.Text;

namespace OpenVocab.Inference;

/// <summary>
/// Reads what Python's <c>repr</c> writes of strings, numbers, lists, tuples and dictionaries: so exporters store class names. Nothing is
/// evaluated; length, depth and number of entries are bounded.
/// </summary>
internal ref struct PythonLiteral
{
    private const int LongestText = 4 * 1024 * 1024, MostEntries = 100_000, DeepestNesting = 8;

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private int _entries;

    private PythonLiteral(ReadOnlySpan<char> text) => _text = text;

    /// <summary>Reads one literal.</summary>
    /// <returns>A string, long, double, bool, null, a <c>List&lt;object?&gt;</c> (of lists and tuples), or a <c>List&lt;KeyValuePair&lt;object, object?&gt;&gt;</c> in the order of the dictionary.</returns>
    /// <exception cref="FormatException">It is something else; the message names the place.</exception>
    internal static object? Parse(string text)
    {
        if (text.Length > LongestText) { throw new FormatException($"it has {text.Length} characters; at most {LongestText} are read"); }
        PythonLiteral reader = new(text);
        object? value = reader.ReadValue(0);
        reader.SkipBlanks();
        return reader._at == text.Length ? value : throw reader.Unexpected("the end");
    }

    private object? ReadValue(int depth)
    {
        if (depth > DeepestNesting) { throw new FormatException($"it is nested deeper than {DeepestNesting}"); }
        if (++_entries > MostEntries) { throw new FormatException($"it has more than {MostEntries} entries"); }
        SkipBlanks();
        switch (Peek())
        {
            case '\'' or '"': return ReadString();
            case '[': return ReadList(']', depth);
            case '(': return ReadList(')', depth);
            case '{': return ReadDictionary(depth);
            case >= '0' and <= '9' or '-' or '+' or '.': return ReadNumber();
            default: return ReadWord();
        }
    }

    private List<object?> ReadList(char end, int depth)
    {
        List<object?> items = [];
        for (_at++; !TryTake(end);)
        {
            items.Add(ReadValue(depth + 1));
            if (!TryTake(',') && !IsNext(end)) { throw Unexpected($"a comma or {end}"); }
        }
        return items;
    }

    private List<KeyValuePair<object, object?>> ReadDictionary(int depth)
    {
        List<KeyValuePair<object, object?>> items = [];
        for (_at++; !TryTake('}');)
        {
            object key = ReadValue(depth + 1) ?? throw Unexpected("a key");
            if (!TryTake(':')) { throw Unexpected("a colon"); }
            items.Add(new(key, ReadValue(depth + 1)));
            if (!TryTake(',') && !IsNext('}')) { throw Unexpected("a comma or }"); }
        }
        return items;
    }

    private string ReadString()
    {
        char quote = _text[_at++];
        StringBuilder value = new();
        while (Peek() != quote)
        {
            char letter = Peek();
            if (letter is '\0' or '\n') { throw Unexpected("the end of a string"); }
            _at++;
            if (letter == '\\') { ReadEscape(value); }
            else { value.Append(letter); }
        }
        _at++;
        return value.ToString();
    }

    private void ReadEscape(StringBuilder into)
    {
        char letter = Peek();
        _at++;
        switch (letter)
        {
            case '\\' or '\'' or '"': into.Append(letter); break;
            case 'n': into.Append('\n'); break;
            case 't': into.Append('\t'); break;
            case 'r': into.Append('\r'); break;
            case 'x': into.Append((char)ReadHex(2)); break;
            case 'u': into.Append((char)ReadHex(4)); break;
            case 'U' when ReadHex(8) is var code && code is <= 0xFFFF or (>= 0x10000 and <= 0x10FFFF): into.Append(code <= 0xFFFF ? ((char)code).ToString() : char.ConvertFromUtf32(code)); break;
            default: throw Unexpected("a known escape");
        }
    }

    private int ReadHex(int digits)
    {
        if (_at + digits > _text.Length || !int.TryParse(_text.Slice(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)) { throw Unexpected($"{digits} hexadecimal digits"); }
        _at += digits;
        return code;
    }

    private object ReadNumber()
    {
        int start = _at;
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() is '+' or '-' or '.') { _at++; }
        ReadOnlySpan<char> digits = _text[start.._at];
        if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)) { return whole; }
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : throw Unexpected("a number");
    }

    private object? ReadWord()
    {
        foreach ((string word, object? value) in (ReadOnlySpan<(string, object?)>)[("True", true), ("False", false), ("None", null)])
        {
            if (!_text[_at..].StartsWith(word, StringComparison.Ordinal)) { continue; }
            _at += word.Length;
            return value;
        }
        throw Unexpected("a string, a number, a list or a dictionary");
    }

    private void SkipBlanks()
    {
        while (Peek() is ' ' or '\t' or '\r' or '\n') { _at++; }
    }

    private readonly char Peek() => _at < _text.Length ? _text[_at] : '\0';

    private bool IsNext(char letter)
    {
        SkipBlanks();
        return Peek() == letter;
    }

    private bool TryTake(char letter)
    {
        if (!IsNext(letter)) { return false; }
        _at++;
        return true;
    }

    private readonly FormatException Unexpected(string expected) =>
        new($"{expected} is expected at character {_at + 1}, and there is {(_at < _text.Length ? $"\"{_text[_at]}\"" : "nothing")}");
}
