using System.Text;
using OpenVocab.Evaluation;

namespace OpenVocab.Tests.Evaluation;

public sealed class VocFileTests
{
    private const string Box = "<bndbox><xmin>1</xmin><ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox>";

    private readonly DataProblems _problems = new();

    [Fact]
    public void A_file_of_the_original_data_is_read()
    {
        VocFile file = Parse("""
            <annotation>
              <folder>VOC2007</folder>
              <filename>000001.jpg</filename>
              <source><database>The VOC2007 Database</database></source>
              <size><width>353</width><height>500</height><depth>3</depth></size>
              <object>
                <name>dog</name><pose>Left</pose><truncated>1</truncated><difficult>0</difficult>
                <bndbox><xmin>48</xmin><ymin>240</ymin><xmax>195</xmax><ymax>371</ymax></bndbox>
              </object>
            </annotation>
            """)!;

        Assert.Equal(("000001.jpg", 353, 500), (file.FileName, file.Width, file.Height));
        Assert.Equal([new("dog", false, 48, 240, 195, 371, "a.xml, line 6")], file.Objects);
        Assert.Equal(0, _problems.Count);
    }

    [Fact]
    public void Parts_keep_their_names_and_boxes_to_themselves()
    {
        VocFile file = Parse($"""
            <annotation><object>
            <part><name>head</name><bndbox><xmin>7</xmin><ymin>7</ymin><xmax>8</xmax><ymax>8</ymax></bndbox></part>
            {Box}<difficult>1</difficult><name>person</name>
            <part><name>hand</name><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>6</xmax><ymax>6</ymax></bndbox></part>
            </object></annotation>
            """)!;

        Assert.Equal([new("person", true, 1, 2, 3, 4, "a.xml, line 1")], file.Objects);
    }

    [Fact]
    public void Order_decimals_comments_and_blanks_do_not_matter()
    {
        VocFile file = Parse("""
            <?xml version="1.0"?><annotation><object><bndbox><ymax> 4.5
            </ymax><xmax>3.25</xmax><!-- the box --><ymin>2e0</ymin><xmin>1</xmin></bndbox><name><![CDATA[R & D]]></name></object><filename>x&amp;y.jpg</filename></annotation>
            """)!;

        Assert.Equal([new("R & D", false, 1, 2, 3.25, 4.5, "a.xml, line 1")], file.Objects);
        Assert.Equal("x&y.jpg", file.FileName);
    }

    [Theory, InlineData("", false), InlineData("<difficult/>", false), InlineData("<difficult>0</difficult>", false), InlineData("<difficult>Unspecified</difficult>", false)]
    [InlineData("<difficult>1</difficult>", true), InlineData("<difficult> true </difficult>", true)]
    public void Difficult_is_0_where_nobody_said(string element, bool difficult)
    {
        Assert.Equal(difficult, Parse($"<annotation><object><name>a</name>{element}{Box}</object></annotation>")!.Objects[0].Difficult);
        Assert.Equal(0, _problems.Count);
    }

    [Fact]
    public void An_object_does_not_inherit_from_the_one_before()
    {
        VocFile file = Parse($"<annotation><object><name>a</name><difficult>1</difficult>{Box}</object>\n<object/>\n<object><name>b</name></object>\n<object>{Box}</object></annotation>")!;

        Assert.Equal("a", Assert.Single(file.Objects).Name);
        Assert.Equal(
            ["a.xml, line 2: the object has no name; it is left out", "a.xml, line 3: the object has no bndbox with xmin; it is left out", "a.xml, line 4: the object has no name; it is left out"],
            _problems.First.Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData("<xmin>NaN</xmin>", "xmin is \"NaN\"; it must be a number of at most 1000000; the object is left out")]
    [InlineData("<xmin>-Infinity</xmin>", "xmin is \"-Infinity\"; it must be a number of at most 1000000; the object is left out")]
    [InlineData("<xmin>1e300</xmin>", "xmin is \"1e300\"; it must be a number of at most 1000000; the object is left out")]
    [InlineData("<xmin>1,5</xmin>", "xmin is \"1,5\"; it must be a number of at most 1000000; the object is left out")]
    public void A_faulty_number_is_named_with_its_line_and_bound(string element, string words)
    {
        VocFile file = Parse($"<annotation><object><name>a</name><bndbox>\n{element}<ymin>2</ymin><xmax>3</xmax><ymax>4</ymax></bndbox></object>\n<object><name>b</name>{Box}</object></annotation>")!;

        Assert.Equal("b", Assert.Single(file.Objects).Name);
        Assert.Equal($"a.xml, line 2: {words}", Assert.Single(_problems.First).ToString());
    }

    [Theory, InlineData("-1"), InlineData("1.5"), InlineData("9999999"), InlineData("wide"), InlineData("NaN")]
    public void A_faulty_size_is_passed_over(string width)
    {
        Assert.Equal((0, 50), Parse($"<annotation><size><width>{width}</width><height>50</height></size></annotation>") is { } file ? (file.Width, file.Height) : default);
        Assert.Contains($"size/width is \"{width}\"; it must be an integer from 0 to 1000000", Assert.Single(_problems.First).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_faulty_mark_counts_as_0()
    {
        Assert.False(Parse($"<annotation><object><name>a</name>{Box}<difficult>2</difficult></object></annotation>")!.Objects[0].Difficult);
        Assert.Equal("a.xml, line 1: difficult is \"2\"; it must be 0 or 1; it was taken as 0", Assert.Single(_problems.First).ToString());
    }

    [Theory]
    [InlineData("", "a.xml")]
    [InlineData("<annotation>\n<object>", "a.xml, line 2: ")]
    [InlineData("<annotation>\n<a></b></annotation>", "a.xml, line 2: ")]
    [InlineData("\n<svg/>", "a.xml, line 2: the outermost element is \"svg\", not \"annotation\"; the picture is left out")]
    [InlineData("<?xml version=\"1.0\" encoding=\"klingon\"?><annotation/>", "a.xml")]
    [InlineData("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>\n<annotation><filename>&b;</filename></annotation>", "a.xml: the file has a document type (DOCTYPE), which is not read")]
    public void What_is_no_annotation_is_left_out_with_its_place(string xml, string words)
    {
        Assert.Null(Parse(xml));

        string problem = Assert.Single(_problems.First).ToString();
        Assert.StartsWith(words, problem, StringComparison.Ordinal);
        Assert.EndsWith("; the picture is left out", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_encodings_are_read_as_the_file_says() => Assert.Equal(
        "Straße.jpg", VocFile.Parse(Encoding.Latin1.GetBytes("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><annotation><filename>Straße.jpg</filename></annotation>"), "a.xml", _problems)!.FileName);

    [Fact]
    public void Depth_without_end_is_read_through()
    {
        string deep = string.Concat(Enumerable.Repeat("<a>", 200_000)), back = string.Concat(Enumerable.Repeat("</a>", 200_000));

        VocFile file = Parse($"<annotation><object><name>x{deep}y{back}</name>{Box}</object></annotation>")!;

        Assert.Equal("x", Assert.Single(file.Objects).Name);
    }

    [Fact]
    public void Whatever_is_in_the_file_nothing_is_thrown()
    {
        string whole = $"<?xml version=\"1.0\" encoding=\"utf-8\"?><annotation><filename>a.jpg</filename><size><width>5</width></size><object><name>a</name><difficult>1</difficult>{Box}</object></annotation>";
        Random random = new(1);
        for (int round = 0; round < 3_000; round++)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(whole[..random.Next(whole.Length + 1)]);
            for (int change = 0; change < 3 && bytes.Length > 0; change++) { bytes[random.Next(bytes.Length)] = (byte)(random.Next(2) == 0 ? "<>/&;\"'= "[random.Next(9)] : random.Next(256)); }
            int before = _problems.Count;

            Assert.True(VocFile.Parse(bytes, "a.xml", _problems) is not null || _problems.Count > before);
        }
    }

    private VocFile? Parse(string xml) => VocFile.Parse(Encoding.UTF8.GetBytes(xml), "a.xml", _problems);
}
