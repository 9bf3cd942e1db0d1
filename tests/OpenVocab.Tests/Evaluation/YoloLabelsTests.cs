using OpenVocab.Evaluation;

namespace OpenVocab.Tests.Evaluation;

public sealed class YoloLabelsTests : IDisposable
{
    private readonly DatasetFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Boxes_are_pixels_of_the_picture_and_pictures_are_sorted_by_path()
    {
        _folder.Text("data.yaml", "train: images/train\nval: images/val\nnames: [cat, dog]")
            .Picture("images/val/b.jpg", 200, 100).Text("labels/val/b.txt", "1 0.5 0.5 0.25 0.5\n0 0.05 0.5 0.25 0.5")
            .Picture("images/val/B.png", 100, 50).Text("labels/val/B.txt", "0 0.5 0.5 1 1")
            .Picture("images/val/deep/a.webp", 40, 30)
            .Picture("images/train/c.jpg").Text("images/val/readme.md", "no picture");

        LabelledDataset data = _folder.Open();

        Assert.Equal(
            [
                new("images/val/B.png", _folder["images/val/B.png"], 100, 50), new("images/val/b.jpg", _folder["images/val/b.jpg"], 200, 100),
                new DatasetImage("images/val/deep/a.webp", _folder["images/val/deep/a.webp"], 40, 30),
            ], data.Images);
        Assert.Equal([new("cat"), new DatasetClass("dog")], data.Classes);
        // Nothing is clipped: the last box begins left of the picture.
        Assert.Equal([new(0, 0, 0, 0, 100, 50), new(1, 1, 75, 25, 50, 50), new LabelledBox(1, 0, -15, 25, 50, 50)], data.Labels);
        Assert.Equal([5000, 2500, 2500], data.Labels.Select(label => label.Area));
        Assert.Equal((0, _folder["data.yaml"]), (data.Problems.Count, data.Name));
        Assert.Empty(data.Notices);
    }

    [Fact]
    public void A_turned_photograph_has_the_size_that_it_is_shown_with()
    {
        _folder.Text("data.yaml", "val: images\nnc: 1").Picture("images/a.jpg", 200, 100, orientation: 6).Text("labels/a.txt", "0 0.5 0.5 0.5 0.5");

        LabelledDataset data = _folder.Open();

        Assert.Equal((100, 200), (data.Images[0].Width, data.Images[0].Height));
        Assert.Equal(new(0, 0, 25, 50, 50, 100), data.Labels[0]);
    }

    [Fact]
    public void No_label_file_and_an_empty_one_are_pictures_without_objects()
    {
        _folder.Text("data.yaml", "val: images\nnc: 1").Picture("images/a.jpg").Picture("images/b.jpg").Text("labels/b.txt", "\n");

        LabelledDataset data = _folder.Open();

        Assert.Equal(["images/a.jpg", "images/b.jpg"], DatasetFolder.Ids(data));
        Assert.Empty(data.Labels);
        Assert.Empty(data.Notices);
    }

    [Fact]
    public void A_set_without_any_label_file_says_where_it_looked()
    {
        _folder.Text("data.yaml", "val: images\nnc: 1").Picture("images/a.jpg");

        Assert.Equal($"No picture has a label file ({_folder["labels/a.txt"]} was looked for first): all count as pictures without objects.", Assert.Single(_folder.Open().Notices));
    }

    [Fact]
    public void A_faulty_label_file_leaves_its_picture_out()
    {
        _folder.Text("data.yaml", "val: images/val\nnc: 1").Picture("images/val/a.jpg").Text("labels/val/a.txt", "0 .5 .5 .5 .5\n\n5 .5 .5 .5 .5")
            .Picture("images/val/b.jpg").Text("labels/val/b.txt", "0 .5 .5 .5 .5");

        LabelledDataset data = _folder.Open();

        Assert.Equal(["images/val/b.jpg"], DatasetFolder.Ids(data));
        Assert.Equal([new(0, 0, 50, 25, 100, 50)], data.Labels);
        Assert.Equal(["labels/val/a.txt, line 3: the class is \"5\"; it must lie between 0 and 0; the whole picture is left out, as Ultralytics does"], DatasetFolder.Words(data));
    }

    [Fact]
    public void Polygons_become_the_boxes_around_them()
    {
        _folder.Text("data.yaml", "val: images\nnc: 1").Picture("images/a.jpg", 200, 100).Text("labels/a.txt", "0 0.25 0.5 0.75 0.25 0.5 1");

        LabelledDataset data = _folder.Open();

        Assert.Equal([new(0, 0, 50, 25, 100, 75)], data.Labels);
        Assert.Equal("Label files that hold polygons: 1; the boxes around these were taken.", Assert.Single(data.Notices));
    }

    [Fact]
    public void Pictures_that_cannot_be_used_are_reported_and_left_out()
    {
        _folder.Text("data.yaml", "val: images\nnc: 1").Picture("images/good.jpg").Picture("images/small.png", 9, 40).Text("images/text.jpg", "hello")
            .Bytes("images/phone.HEIC", [.. "\0\0\0\0ftypheic"u8]);

        LabelledDataset data = _folder.Open();

        Assert.Equal(["images/good.jpg"], DatasetFolder.Ids(data));
        Assert.Equal(
            [
                "images/phone.HEIC: HEIC is not read here; the picture is left out",
                "images/small.png: the picture is 9 x 40 pixels; a side must have at least 10; it is left out, as Ultralytics does",
                "images/text.jpg: this is no picture; the picture is left out",
            ], DatasetFolder.Words(data));
    }

    [Fact]
    public void A_label_file_that_is_too_large_leaves_its_picture_out()
    {
        _folder.Text("data.yaml", "val: images\nnc: 1").Picture("images/a.jpg").Picture("images/b.jpg").Bytes("labels/b.txt", new byte[4 * 1024 * 1024 + 1]);

        LabelledDataset data = _folder.Open();

        Assert.Equal(["images/a.jpg"], DatasetFolder.Ids(data));
        Assert.Equal("labels/b.txt: the file has more than 4194304 bytes; at most 4194304 are read; the picture is left out", DatasetFolder.Words(data)[0]);
    }

    [Fact]
    public void A_list_names_pictures_relative_to_itself_and_missing_ones_are_reported()
    {
        _folder.Text("data.yaml", "val: lists/val.txt\nnc: 1").Picture("images/a.jpg").Picture("images/b.jpg").Picture("lists/c.jpg")
            .Text("lists/val.txt", $"./c.jpg\r\n\nimages/a.jpg\n  {_folder["images/b.jpg"]}  \n../images/gone.jpg\nc.jpg\nnul\0.jpg\n{new string('x', 5000)}\n");

        LabelledDataset data = _folder.Open();

        Assert.Equal(["images/a.jpg", "images/b.jpg", "lists/c.jpg"], DatasetFolder.Ids(data));
        Assert.Equal(
            [
                "lists/val.txt, line 7: no picture can be called \"nul?.jpg\"; the line is left out",
                $"lists/val.txt, line 8: no picture can be called \"{new string('x', 60)}…\"; the line is left out",
                "lists/c.jpg: the picture is listed more than once; it counts once",
                "images/gone.jpg: there is no such file; the picture is left out",
            ], DatasetFolder.Words(data));
    }

    [Fact]
    public void A_part_may_be_several_folders_and_lists_below_path()
    {
        _folder.Text("about.yaml", "path: sub\nval: [one, two.txt]\nnc: 1").Picture("sub/one/a.jpg").Picture("sub/images/b.jpg").Text("sub/two.txt", "./images/b.jpg");

        Assert.Equal(["images/b.jpg", "one/a.jpg"], DatasetFolder.Ids(_folder.Open("about.yaml")));
    }

    [Fact]
    public void The_parts_of_a_set_are_chosen_by_name()
    {
        _folder.Text("data.yaml", "train: images/t\nval: images/v\nnc: 1").Picture("images/t/a.jpg").Picture("images/v/b.jpg");

        Assert.Equal(["images/t/a.jpg"], DatasetFolder.Ids(_folder.Open(options: new() { Split = "train" })));
        Assert.Contains("there is no part test; it has train, val", _folder.Refused(options: new() { Split = "test" }).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Roboflows_folders_are_forgiven()
    {
        _folder.Text("data.yaml", "val: ../valid/images\nnc: 1").Picture("valid/images/a.jpg").Text("valid/labels/a.txt", "0 .5 .5 .5 .5");

        LabelledDataset data = _folder.Open();

        Assert.Equal(["valid/images/a.jpg"], DatasetFolder.Ids(data));
        Assert.Single(data.Labels);
    }

    [Fact]
    public void A_path_of_another_machine_gives_way_to_the_folder_of_the_file()
    {
        _folder.Text("data.yaml", "path: /nowhere/coco8\nval: images\nnc: 1").Picture("images/a.jpg").Text("labels/a.txt", "");

        LabelledDataset data = _folder.Open();

        Assert.Equal(["images/a.jpg"], DatasetFolder.Ids(data));
        Assert.Contains("path is \"/nowhere/coco8\", and there is no such folder", Assert.Single(data.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_of_the_options_takes_the_place_of_path()
    {
        _folder.Text("data.yaml", "path: wrong\nval: images\nnc: 1").Picture("right/images/a.jpg").Picture("wrong/images/b.jpg");

        Assert.Equal(["images/a.jpg"], DatasetFolder.Ids(_folder.Open(options: new() { ImageFolder = _folder["right"] })));
    }

    [Theory]
    [InlineData("val: images\nnc: 1", "there is no picture in val (\"images\" below")]
    [InlineData("val: gone\nnc: 1", "val is \"gone\", and there is no such folder or list")]
    [InlineData("val: ../gone\nnc: 1", "val is \"../gone\", and there is no such folder or list")]
    [InlineData("val: images/list.csv\nnc: 1", "val is \"images/list.csv\"; it must be a folder, or a list that ends in .txt")]
    [InlineData("val: \"a\\0b\"\nnc: 1", "val is \"a?b\", and there is no such folder or list (no path can be called so)")]
    public void A_part_that_is_not_there_is_named_with_its_value(string yaml, string words)
    {
        _folder.Text("data.yaml", yaml).Text("images/list.csv", "a");

        SourceException thrown = _folder.Refused();

        Assert.StartsWith(_folder["data.yaml"], thrown.Message, StringComparison.Ordinal);
        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_without_a_usable_picture_is_refused_with_the_first_reason()
    {
        _folder.Text("data.yaml", "val: images\nnc: 1").Text("images/a.jpg", "hello");

        Assert.Contains("none of the 1 pictures of val can be used; the first: images/a.jpg: this is no picture", _folder.Refused().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a/images/x.jpg", "/a/labels/x.txt")]
    [InlineData("/images/a/images/b/x.y.jpeg", "/images/a/labels/b/x.y.txt")]
    [InlineData("/a/myimages/images.jpg", "/a/myimages/images.txt")]
    [InlineData("/a/b/x.png", "/a/b/x.txt")]
    [InlineData("/images/x.png", "/labels/x.txt")]
    public void Labels_lie_where_the_last_folder_of_images_becomes_one_of_labels(string picture, string labels) => Assert.Equal(labels, YoloPictures.LabelFile(picture));

    [Fact]
    public void Links_in_a_circle_come_to_an_end()
    {
        _folder.Text("data.yaml", "val: images\nnc: 1").Picture("images/a.jpg");
        Directory.CreateSymbolicLink(_folder["images/again"], _folder["images"]);

        Assert.Contains("images/a.jpg", DatasetFolder.Ids(_folder.Open()));
    }
}
