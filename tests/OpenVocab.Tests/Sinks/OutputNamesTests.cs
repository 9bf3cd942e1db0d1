using System.Text;
using OpenVocab.Sinks;

namespace OpenVocab.Tests.Sinks;

public class OutputNamesTests
{
    [Theory]
    [InlineData("person/../../etc", "person_.._.._etc"), InlineData("..", "_.."), InlineData("", "_"), InlineData(" a:b ", "a_b"), InlineData("x\ny", "x_y")]
    public void A_text_becomes_one_harmless_part_of_a_path(string text, string name) => Assert.Equal(name, OutputNames.SafeName(text));

    [Fact]
    public void Long_names_leave_room_for_what_is_added()
    {
        string name = OutputNames.SafeName(string.Concat(Enumerable.Repeat("犬🐕", 100)));

        Assert.InRange(Encoding.UTF8.GetByteCount(name), 170, 180);
        Assert.DoesNotContain('\uFFFD', Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)));
    }
}
