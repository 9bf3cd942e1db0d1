using OpenVocab.Evaluation;

namespace OpenVocab.Tests.Evaluation;

public sealed class CocoFolderTests : IDisposable
{
    private readonly DatasetFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("val", "instances_val2017.json", "val2017/a.jpg", "val2017"), InlineData("val2017", "instances_val2017.json", "images/val2017/a.jpg", "images/val2017")]
    [InlineData("val", "instances_val.json", "images/a.jpg", "images"), InlineData("train", "instances_train2017.json", "", "train2017")]
    public void The_file_of_the_part_is_found_and_its_pictures_in_the_folder_of_that_name(string split, string file, string picture, string pictures)
    {
        _folder.Text($"annotations/{file}", "{}").Text("annotations/captions_val2017.json", "{}");
        if (picture.Length > 0) { _folder.Picture(picture); }

        Assert.Equal(new CocoFolder(_folder[$"annotations/{file}"], _folder[pictures]), CocoFolder.Find(_folder.Path, split));
    }

    [Fact]
    public void Of_several_files_the_one_with_just_this_name_is_taken_else_they_are_named()
    {
        _folder.Text("annotations/instances_val2014.json", "{}").Text("annotations/instances_val2017.json", "{}");

        SourceException thrown = Assert.Throws<SourceException>(() => CocoFolder.Find(_folder.Path, "val"));

        Assert.EndsWith("annotations: several files fit instances_val*.json: instances_val2014.json, instances_val2017.json.", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("--split val2014", thrown.Remedy, StringComparison.Ordinal);
        Assert.Equal(_folder["annotations/instances_val2017.json"], CocoFolder.Find(_folder.Path, "val2017")!.File);
        Assert.Equal(_folder["annotations/instances_val.json"], CocoFolder.Find(_folder.Text("annotations/instances_val.json", "{}").Path, "val")!.File);
    }

    [Fact]
    public void A_missing_part_is_answered_with_the_files_that_there_are()
    {
        _folder.Text("annotations/instances_train2017.json", "{}");

        SourceException thrown = Assert.Throws<SourceException>(() => CocoFolder.Find(_folder.Path, "val"));

        Assert.EndsWith("annotations: there is no instances_val*.json here; there are instances_train2017.json.", thrown.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("val", "valid"), InlineData("val", "val"), InlineData("test", "test"), InlineData("val", "")]
    public void Roboflows_file_lies_beside_the_pictures(string split, string place)
    {
        _folder.Text(Path.Combine(place, "_annotations.coco.json"), "{}");

        Assert.Equal(new CocoFolder(Path.Combine(_folder.Path, place, "_annotations.coco.json"), Path.Combine(_folder.Path, place)), CocoFolder.Find(_folder.Path, split));
    }

    [Fact]
    public void Any_other_folder_is_none() => Assert.Null(CocoFolder.Find(_folder.Text("annotations/a.txt", "").Path, "val"));
}
