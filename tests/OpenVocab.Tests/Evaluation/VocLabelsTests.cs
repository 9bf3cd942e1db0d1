using OpenVocab.Evaluation;

namespace OpenVocab.Tests.Evaluation;

public sealed class VocLabelsTests : IDisposable
{
    private readonly DatasetFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Boxes_count_from_1_as_the_original_data_do_and_classes_are_the_names_sorted()
    {
        _folder.Picture("JPEGImages/b.jpg").Text("Annotations/b.xml", Xml("b.jpg", Object("dog", 1, 1, 200, 100), Object("Zebra", 5, 7, 5, 8)))
            .Picture("JPEGImages/a.jpg").Text("Annotations/a.xml", Xml("a.jpg", Object("cat", 0, 0.5, 10, 20.25)));

        LabelledDataset data = _folder.Open();

        Assert.Equal([new("JPEGImages/a.jpg", _folder["JPEGImages/a.jpg"], 200, 100), new DatasetImage("JPEGImages/b.jpg", _folder["JPEGImages/b.jpg"], 200, 100)], data.Images);
        Assert.Equal(["Zebra", "cat", "dog"], data.Classes.Select(item => item.Name));
        Assert.Equal([new(0, 1, 0, 0, 10, 20.25), new(1, 2, 0, 0, 200, 100), new LabelledBox(1, 0, 4, 6, 1, 2)], data.Labels);
        Assert.Equal((0, _folder.Path), (data.Problems.Count, data.Name));
        Assert.Equal(
            [
                "The data have no image sets (ImageSets/Main/val.txt): all 2 XML files were read.",
                "Boxes that begin before pixel 1: 1, although VOC counts from 1; if the tool that wrote them counts from 0, use --zero-based (in code: DatasetOptions.OneBased = false).",
            ], data.Notices);
    }

    [Fact]
    public void Boxes_count_from_0_on_request()
    {
        _folder.Picture("JPEGImages/a.jpg").Text("Annotations/a.xml", Xml("a.jpg", Object("cat", 0, 1, 10, 20), Object("cat", 5, 5, 5, 9)));

        LabelledDataset data = _folder.Open(options: new() { OneBased = false });

        Assert.Equal([new(0, 0, 0, 1, 10, 19)], data.Labels);
        Assert.Equal(["Annotations/a.xml, line 3: the box from 5, 5 to 5, 9 has no extent; the object is left out"], DatasetFolder.Words(data));
        Assert.Single(data.Notices);
    }

    [Theory, InlineData(true, LabelKinds.Ignored, "Objects marked as difficult: 1; they need not be found, and a detection on one is no mistake.")]
    [InlineData(false, LabelKinds.None, "Objects marked as difficult: 1; they count as any other.")]
    public void Difficult_objects_are_ignored_if_wanted_and_counted_in_a_notice(bool ignore, LabelKinds kinds, string notice)
    {
        _folder.Picture("JPEGImages/a.jpg").Text("Annotations/a.xml", Xml("a.jpg", Object("cat", 1, 1, 10, 20, "<difficult>1</difficult>"), Object("cat", 1, 1, 5, 5)));

        LabelledDataset data = _folder.Open(options: new() { IgnoreDifficult = ignore });

        Assert.Equal([kinds, LabelKinds.None], data.Labels.Select(label => label.Kinds));
        Assert.Equal(notice, data.Notices[1]);
    }

    [Fact]
    public void An_image_set_says_what_is_read_and_in_which_order()
    {
        Set("a", "b", "c").Text("ImageSets/Main/val.txt", "c\r\n\n a \ngone\n../a\n/etc/passwd\nc\n").Text("ImageSets/Main/train.txt", "b").Text("ImageSets/Main/cat_val.txt", "b  1\nc -1");

        LabelledDataset data = _folder.Open();

        Assert.Equal(["JPEGImages/c.jpg", "JPEGImages/a.jpg"], DatasetFolder.Ids(data));
        Assert.Empty(data.Notices);
        Assert.Equal(
            [
                "ImageSets/Main/val.txt, line 5: the id is \"../a\", which is no name of a file below Annotations; the line is left out",
                "ImageSets/Main/val.txt, line 6: the id is \"/etc/passwd\", which is no name of a file below Annotations; the line is left out",
                "ImageSets/Main/val.txt, line 7: the id \"c\" is listed more than once; it counts once",
                "Annotations/gone.xml: there is no such file; the picture is left out",
            ], DatasetFolder.Words(data));
    }

    [Fact]
    public void A_missing_image_set_is_answered_with_those_that_there_are()
    {
        Set("a").Text("ImageSets/Main/test.txt", "a").Text("ImageSets/Main/cat_test.txt", "a  1");

        SourceException thrown = _folder.Refused();

        Assert.Equal($"{_folder.Path}: there is no image set val; ImageSets/Main has test.", thrown.Message);
        Assert.Contains("--split test", thrown.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_one_class_is_no_image_set()
    {
        Set("a", "b").Text("ImageSets/Main/val.txt", "a  1\nb -1");

        Assert.Equal(2, _folder.Open().Images.Count);
    }

    [Theory]
    [InlineData("p.png", "JPEGImages/p.png"), InlineData("p.png", "images/p.png"), InlineData("p.png", "Annotations/p.png")]
    [InlineData("C:\\\\mine\\\\p.png", "JPEGImages/p.png"), InlineData("/home/me/p.png", "JPEGImages/p.png")]
    [InlineData("gone.png", "JPEGImages/a.JPG"), InlineData("", "JPEGImages/a.webp"), InlineData("a", "Annotations/a.bmp")]
    public void A_picture_is_found_by_its_name_or_that_of_the_file(string written, string place)
    {
        _folder.Picture(place).Text("Annotations/a.xml", Xml(written, Object("cat", 1, 1, 5, 5)));

        Assert.Equal([place], DatasetFolder.Ids(_folder.Open()));
    }

    [Fact]
    public void A_missing_picture_is_reported_and_left_out_with_its_objects()
    {
        Set("a").Text("Annotations/b.xml", Xml("../../secret.jpg", Object("dog", 1, 1, 5, 5)));

        LabelledDataset data = _folder.Open();

        Assert.Equal(["JPEGImages/a.jpg"], DatasetFolder.Ids(data));
        Assert.Equal((1, 1), (data.Labels.Count, data.Classes.Count));
        Assert.Equal(["Annotations/b.xml: there is no picture \"../../secret.jpg\"; the file is left out"], DatasetFolder.Words(data));
    }

    [Fact]
    public void Two_files_of_one_picture_are_not_two_pictures()
    {
        Set("a").Text("Annotations/b.xml", Xml("a.jpg", Object("cat", 1, 1, 5, 5)));

        LabelledDataset data = _folder.Open();

        Assert.Equal((1, 1), (data.Images.Count, data.Labels.Count));
        Assert.Equal(["Annotations/b.xml: its picture \"JPEGImages/a.jpg\" is that of Annotations/a.xml; the later file is left out"], DatasetFolder.Words(data));
    }

    [Fact]
    public void The_folder_of_the_options_is_looked_in_first()
    {
        Set("a").Picture("other/a.jpg");

        Assert.Equal(_folder["other/a.jpg"], _folder.Open(options: new() { ImageFolder = _folder["other"] }).Images[0].Path);
    }

    [Fact]
    public void Files_that_are_damaged_or_too_large_are_left_out()
    {
        Set("a").Picture("JPEGImages/b.jpg").Text("Annotations/b.xml", "<annotation>").Picture("JPEGImages/c.jpg").Bytes("Annotations/c.xml", new byte[4 * 1024 * 1024 + 1]);

        LabelledDataset data = _folder.Open();

        Assert.Equal(["JPEGImages/a.jpg"], DatasetFolder.Ids(data));
        Assert.Equal(2, data.Problems.Count);
        Assert.StartsWith("Annotations/b.xml, line 1: ", data.Problems.First[0].ToString(), StringComparison.Ordinal);
        Assert.Equal("Annotations/c.xml: the file has more than 4194304 bytes; at most 4194304 are read; the picture is left out", data.Problems.First[1].ToString());
    }

    [Fact]
    public void A_set_without_a_usable_picture_is_refused_with_the_first_reason()
    {
        _folder.Text("Annotations/a.xml", Xml("a.jpg"));

        Assert.Contains("none of the 1 XML files of val can be used; the first: Annotations/a.xml: there is no picture \"a.jpg\"", _folder.Refused().Message, StringComparison.Ordinal);
    }

    private DatasetFolder Set(params string[] stems)
    {
        foreach (string stem in stems) { _folder.Picture($"JPEGImages/{stem}.jpg").Text($"Annotations/{stem}.xml", Xml($"{stem}.jpg", Object("cat", 1, 1, 5, 5))); }
        return _folder;
    }

    internal static string Xml(string picture, params string[] objects) =>
        $"<annotation><filename>{picture}</filename><size><width>200</width><height>100</height></size>\n{string.Join('\n', objects)}</annotation>";

    internal static string Object(string name, double xmin, double ymin, double xmax, double ymax, string more = "") => Invariant(
        $"<object><name>{name}</name>{more}<bndbox><xmin>{xmin}</xmin><ymin>{ymin}</ymin><xmax>{xmax}</xmax><ymax>{ymax}</ymax></bndbox></object>");
}
