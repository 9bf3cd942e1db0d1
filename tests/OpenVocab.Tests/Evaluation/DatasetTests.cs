using OpenVocab.Evaluation;

namespace OpenVocab.Tests.Evaluation;

public sealed class DatasetTests : IDisposable
{
    private readonly DatasetFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("data.yaml", "data.yaml"), InlineData("data.yaml", ""), InlineData("coco8.yml", "coco8.yml"), InlineData("coco8.yaml", ""), InlineData("Coco8.YML", "")]
    public void A_yaml_file_or_the_folder_that_holds_it_is_a_yolo_set(string file, string opened)
    {
        _folder.Text(file, "val: images\nnames: [cat]").Text("other.yaml", "jobs: {build: {}}").Text("broken.yaml", "[").Picture("images/a.jpg").Text("labels/a.txt", "0 .5 .5 .5 .5");

        LabelledDataset data = _folder.Open(opened);

        Assert.Equal(("images/a.jpg", "cat", 1, _folder[file]), (data.Images[0].Id, data.Classes[0].Name, data.Labels.Count, data.Name));
    }

    [Fact]
    public void Data_yaml_comes_before_other_files_and_these_need_to_be_alone()
    {
        _folder.Text("one.yaml", "val: images\nnames: [cat]").Text("two.yaml", "val: images\nnc: 2").Picture("images/a.jpg");

        Assert.Equal($"{_folder.Path}: several YAML files here name classes: one.yaml, two.yaml.", _folder.Refused().Message);
        Assert.Equal("dog", _folder.Text("data.yaml", "val: images\nnames: [dog]").Open().Classes[0].Name);
    }

    [Theory]
    [InlineData("Annotations/a.xml", "JPEGImages/a.jpg", ""), InlineData("annotations/a.xml", "images/a.jpg", ""), InlineData("a.XML", "a.jpg", "")]
    [InlineData("VOC2007/Annotations/a.xml", "VOC2007/JPEGImages/a.jpg", "VOC2007"), InlineData("VOCdevkit/VOC2012/Annotations/a.xml", "VOCdevkit/VOC2012/JPEGImages/a.jpg", "VOCdevkit/VOC2012")]
    [InlineData("valid/a.xml", "valid/a.jpg", "valid")]
    public void A_folder_with_xml_files_is_a_voc_set(string xml, string picture, string root)
    {
        _folder.Text(xml, VocLabelsTests.Xml("a.jpg", VocLabelsTests.Object("cat", 1, 1, 5, 5))).Picture(picture).Text("train/nothing.txt", "");

        LabelledDataset data = _folder.Open();

        Assert.Equal((Path.Combine(_folder.Path, root).TrimEnd('/'), _folder[picture], 1), (data.Name, data.Images[0].Path, data.Labels.Count));
    }

    [Fact]
    public void A_part_of_roboflows_voc_data_is_a_folder()
    {
        _folder.Text("train/a.xml", VocLabelsTests.Xml("a.jpg")).Picture("train/a.jpg").Text("test/b.xml", VocLabelsTests.Xml("b.jpg")).Picture("test/b.jpg");

        Assert.Equal(["b.jpg"], DatasetFolder.Ids(_folder.Open(options: new() { Split = "test" })));
    }

    [Fact]
    public void Several_voc_sets_in_a_folder_are_named()
    {
        _folder.Text("VOC2012/Annotations/a.xml", "").Text("VOC2007/Annotations/a.xml", "");

        SourceException thrown = _folder.Refused();

        Assert.Equal($"{_folder.Path}: there are several sets of Pascal VOC data here: VOC2007, VOC2012.", thrown.Message);
        Assert.Equal($"Give one of them, such as {_folder["VOC2007"]}.", thrown.Remedy);
    }

    [Fact]
    public void A_folder_without_labels_is_answered_with_what_was_looked_for()
    {
        _folder.Picture("a.jpg").Text("other.yaml", "jobs: {}");

        SourceException thrown = _folder.Refused(options: new() { Split = "test" });

        Assert.Equal(
            $"{_folder.Path}: no labelled data were found here: neither data.yaml (YOLO), nor Annotations/*.xml or *.xml beside pictures (Pascal VOC), " +
            "nor annotations/instances_test*.json or test/_annotations.coco.json (COCO).", thrown.Message);
        Assert.Equal("Give a COCO .json file, a YOLO data.yaml, or a folder in one of these layouts.", thrown.Remedy);
    }

    [Theory]
    [InlineData("none", SourceFault.NotFound, "there is no such file or folder"), InlineData("a\0b", SourceFault.NotFound, "there is no such file or folder")]
    [InlineData("a.csv", SourceFault.Unsupported, "labelled data do not end in \".csv\"; .json (COCO) and .yaml (YOLO) are read, and folders")]
    [InlineData("a.xml", SourceFault.Unsupported, "this is one file of Pascal VOC data")]
    public void What_is_no_data_set_is_refused(string name, SourceFault fault, string words)
    {
        _folder.Text("a.csv", "").Text("a.xml", "");

        SourceException thrown = _folder.Refused(name);

        Assert.Equal(fault, thrown.Fault);
        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(""), InlineData(" "), InlineData("../val"), InlineData(".."), InlineData("a\0"), InlineData("val*")]
    public void What_could_not_be_the_name_of_a_part_is_refused(string split) =>
        Assert.Contains("cannot be the part of a data set", _folder.Refused(options: new() { Split = split }).Message, StringComparison.Ordinal);
}
