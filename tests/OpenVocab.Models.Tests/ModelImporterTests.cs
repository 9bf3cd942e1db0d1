using OpenCvSharp;
using OpenVocab.Bundles;
using OpenVocab.Imaging;
using OpenVocab.Models.Tests.Networks;

namespace OpenVocab.Models.Tests;

public sealed class ModelImporterTests : IDisposable
{
    private static readonly string s_detector = Golden.Path("yolo-world", "tiny-worldv2.pt"), s_clip = Golden.Path("clip", "tiny-hf"), s_otherClip = Golden.Path("clip", "tiny-openai.pt");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("tiny-world", "class 0", 16), InlineData("tiny-worldv2", "aeroplane", 20), InlineData("tiny-worldv2-legacy", "aeroplane", 20)]
    public void A_detector_detects_what_its_checkpoint_knows_without_any_text_encoder(string checkpoint, string firstClass, int classes)
    {
        ImportedModel made = ModelImporter.Import(Golden.Path("yolo-world", checkpoint + ".pt"), _folder["bundle"]);
        using Detector detector = Detector.Load(_folder["bundle"], new() { MinScore = 0.01f });
        using Mat picture = ImageFile.Read(RepositoryFiles.Get("samples", "media", "dogs.jpg"));

        FrameResult result = detector.Detect(picture);

        Assert.Equal((firstClass, classes), (made.Classes[0], made.Classes.Count));
        Assert.Equal(made.Classes, detector.Vocabulary.Classes.Select(prompt => prompt.Name));
        Assert.NotEmpty(result.Detections);
        Assert.Contains(made.Notes, note => note.Contains("no text encoder", StringComparison.Ordinal));
        Assert.Contains("--text-encoder", Assert.Throws<ModelException>(() => detector.SetClasses("teapot")).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_checkpoint_in_the_old_container_makes_the_same_network()
    {
        ModelImporter.Import(s_detector, _folder["new"]);
        ModelImporter.Import(Golden.Path("yolo-world", "tiny-worldv2-legacy.pt"), _folder["old"]);

        Assert.Equal(ModelBundle.Open(_folder["new"]).Require(BundleRoles.Detector).Sha256, ModelBundle.Open(_folder["old"]).Require(BundleRoles.Detector).Sha256);
    }

    [Fact]
    public void A_detector_that_is_joined_with_a_text_encoder_takes_words()
    {
        ModelImporter.Import(s_detector, _folder["bundle"], new() { TextEncoder = RepositoryFiles.Get("models", "default") });
        using Detector detector = Detector.Load(_folder["bundle"]);

        Assert.Equal("teapot", Assert.Single(detector.SetClasses("teapot").Classes).Name);
    }

    [Fact]
    public void A_text_encoder_that_means_something_else_is_told_by_the_checkpoints_own_words()
    {
        ImportedModel made = ModelImporter.Import(s_detector, _folder["bundle"], new() { TextEncoder = RepositoryFiles.Get("models", "default") });

        Assert.Contains(made.Notes, note => note.Contains("do not seem to belong together", StringComparison.Ordinal));
    }

    [Fact]
    public void A_text_encoder_of_another_embedding_size_is_refused_with_both_sizes()
    {
        ModelException thrown = Assert.Throws<ModelException>(() => ModelImporter.Import(s_detector, _folder["bundle"], new() { TextEncoder = s_otherClip }));

        Assert.Contains("512 numbers", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("gives 64", thrown.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["bundle"]));
    }

    [Fact]
    public void A_bundle_that_records_another_text_encoder_is_refused()
    {
        ModelImporter.Import(s_detector, _folder["joined"], new() { TextEncoder = RepositoryFiles.Get("models", "default") });

        Assert.Contains("records another text encoder", Assert.Throws<ModelException>(() => ModelImporter.Import(_folder["joined"], _folder["again"], new() { TextEncoder = s_clip })).Message, StringComparison.Ordinal);
        ModelImporter.Import(_folder["joined"], _folder["again"], new() { TextEncoder = RepositoryFiles.Get("models", "default") });
        Assert.Equal(20, ModelBundle.Open(_folder["again"]).LoadDefaultVocabulary().Rows);
    }

    [Theory, InlineData("tiny-openai.pt"), InlineData("tiny-hf"), InlineData("tiny-hf/pytorch_model.bin")]
    public void A_clip_becomes_a_bundle_that_says_what_it_lacks(string weights)
    {
        ImportedModel made = ModelImporter.Import(Golden.Path(["clip", .. weights.Split('/')]), _folder["clip"]);
        ModelBundle bundle = ModelBundle.Open(_folder["clip"]);

        Assert.NotNull(bundle.Find(BundleRoles.TextEncoder));
        Assert.NotNull(bundle.Find(BundleRoles.ImageEncoder));
        Assert.Contains(made.Notes, note => note.Contains("--tokenizer", StringComparison.Ordinal));
        Assert.Contains("no detector", Assert.Throws<ModelException>(() => Detector.Load(_folder["clip"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tokenizer_of_more_tokens_than_the_weights_have_is_refused_where_it_was_asked_for()
    {
        ModelException thrown = Assert.Throws<ModelException>(() => ModelImporter.Import(s_clip, _folder["clip"], new() { Tokenizer = RepositoryFiles.Get("models", "default") }));

        Assert.Contains("made for 800", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_precision_halves_the_file_and_hardly_changes_the_result()
    {
        ModelImporter.Import(s_detector, _folder["whole"]);
        ModelImporter.Import(s_detector, _folder["half"], new() { Half = true });
        (string Name, float[] Values, long[] Shape)[] inputs = [("images", Ramp(3 * 64 * 64), [1, 3, 64, 64]), ("text", Ramp(2 * 512), [2, 512])];

        float[] whole = RawGraph.Run(PathOf("whole"), inputs)["output0"].Values, half = RawGraph.Run(PathOf("half"), inputs)["output0"].Values;

        Assert.InRange(new FileInfo(PathOf("half")).Length, 1, new FileInfo(PathOf("whole")).Length * 0.6);
        // float16 has eleven bits: half a pixel in a box of hundreds.
        for (int i = 0; i < whole.Length; i++) { Assert.Equal(whole[i], half[i], i / 84 < 4 ? 1f : 0.02f); }
    }

    [Fact]
    public void A_graph_takes_any_number_of_pictures_and_words_and_any_size()
    {
        ModelImporter.Import(s_detector, _folder["bundle"]);

        foreach ((int batch, int height, int width, int words) in new[] { (1, 32, 32, 1), (3, 96, 64, 2), (2, 32, 320, 2000) })
        {
            var output = RawGraph.Run(PathOf("bundle"), ("images", Ramp(batch * 3 * height * width), [batch, 3, height, width]), ("text", Ramp(words * 512), [words, 512]))["output0"];
            Assert.Equal([batch, 4 + words, height * width / 64 * 21 / 16], output.Shape);
        }
    }

    [Fact]
    public void A_word_that_is_given_twice_and_a_length_other_than_one_change_nothing()
    {
        ModelImporter.Import(s_detector, _folder["bundle"]);
        float[] pixels = Ramp(3 * 64 * 64), word = Ramp(512), longer = [.. word.Select(value => value * 7)];

        float[] once = Output(pixels, word, 1), twice = Output(pixels, [.. word, .. word], 2), scaled = Output(pixels, longer, 1);

        for (int i = 0; i < once.Length; i++)
        {
            // Boxes in pixels, then probabilities; normalizing a longer word rounds otherwise.
            float tolerance = i < 4 * 84 ? 0.01f : 1e-4f;
            Assert.Equal(once[i], twice[i], tolerance);
            Assert.Equal(once[i], scaled[i], tolerance);
        }
    }

    [Theory, InlineData("tiny-world"), InlineData("tiny-worldv2")]
    public void Regions_that_are_kept_give_the_same_scores_later(string checkpoint)
    {
        ModelImporter.Import(Golden.Path("yolo-world", checkpoint + ".pt"), _folder["bundle"], new() { Regions = true });
        float[] words = Ramp(2 * 512);
        var outputs = RawGraph.Run(PathOf("bundle"), ("images", Ramp(2 * 3 * 64 * 64), [2, 3, 64, 64]), ("text", words, [2, 512]));
        (float[] scores, float[] regions, int anchors) = (outputs["output0"].Values, outputs["regions"].Values, 84);
        Assert.Equal([2, 513, anchors], outputs["regions"].Shape);

        for (int picture = 0; picture < 2; picture++)
        {
            for (int word = 0; word < 2; word++)
            {
                double length = Math.Sqrt(Enumerable.Range(0, 512).Sum(i => (double)words[word * 512 + i] * words[word * 512 + i]));
                for (int anchor = 0; anchor < anchors; anchor++)
                {
                    double logit = regions[(picture * 513 + 512) * anchors + anchor];
                    for (int i = 0; i < 512; i++) { logit += words[word * 512 + i] / length * regions[(picture * 513 + i) * anchors + anchor]; }
                    Assert.Equal(1 / (1 + Math.Exp(-logit)), scores[(picture * 6 + 4 + word) * anchors + anchor], 1e-5);
                }
            }
        }
    }

    [Fact]
    public void A_folder_with_other_files_is_never_touched_and_an_older_bundle_is_replaced()
    {
        Directory.CreateDirectory(_folder["mine"]);
        File.WriteAllText(_folder["mine/diary.txt"], "dear diary");
        ModelImporter.Import(s_detector, _folder["bundle"]);

        Assert.Contains("diary.txt", Assert.Throws<SinkException>(() => ModelImporter.Import(s_detector, _folder["mine"])).Message, StringComparison.Ordinal);
        ModelImporter.Import(Golden.Path("yolo-world", "tiny-world.pt"), _folder["bundle"]);

        Assert.Equal(["diary.txt"], Directory.EnumerateFileSystemEntries(_folder["mine"]).Select(Path.GetFileName));
        Assert.Equal(16, ModelBundle.Open(_folder["bundle"]).LoadDefaultVocabulary().Rows);
        Assert.Equal(["bundle", "mine"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_checkpoint_of_another_network_is_named()
    {
        string file = _folder["yolov8.pt"];
        File.WriteAllBytes(file, OpenVocab.Fuzz.ZipAssembler.Torch(new OpenVocab.Fuzz.PickleAssembler().Code('}').Text("model").Global("ultralytics.nn.tasks", "DetectionModel").Code(')').Raw(0x81).Code('s').End()));

        Assert.Contains("DetectionModel", Assert.Throws<ModelException>(() => ModelImporter.Import(file, _folder["bundle"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_exported_file_with_baked_words_finds_what_its_bundle_finds()
    {
        ModelImporter.Import(s_detector, _folder["bundle"]);
        using Detector whole = Detector.Load(_folder["bundle"], new() { MinScore = 0.01f, ImageSize = new(320) });
        using Mat picture = ImageFile.Read(RepositoryFiles.Get("samples", "media", "dogs.jpg"));
        ModelExporter.Export(whole.Bundle, whole.Vocabulary, _folder["baked.onnx"], whole.InputSize);

        using Detector baked = Detector.Load(_folder["baked.onnx"], new() { MinScore = 0.01f, ImageSize = new(320) });

        Assert.Equal(whole.Vocabulary.Classes.Select(prompt => prompt.Name), baked.Vocabulary.Classes.Select(prompt => prompt.Name));
        Detection[] expected = [.. whole.Detect(picture).Detections], found = [.. baked.Detect(picture).Detections];
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Length, found.Length);
        foreach ((Detection one, Detection other) in expected.Zip(found))
        {
            Assert.Equal(one.ClassId, other.ClassId);
            Assert.Equal(one.Score, other.Score, 1e-4f);
            Assert.Equal(one.Box.X1, other.Box.X1, 0.05f);
        }
    }

    [Fact]
    public void The_runner_gives_the_reference_output_from_arrays_in_a_file()
    {
        ModelImporter.Import(Golden.Path("yolo-world", "tiny-world.pt"), _folder["bundle"]);

        ModelRunner.Run(_folder["bundle"], null, Golden.Path("yolo-world", "tiny-world.layers.npz"), _folder["out.npz"]);

        float[] expected = NpzFile.Read(Golden.Path("yolo-world", "tiny-world.layers.npz"))["output0"].ToFloats(), found = NpzFile.Read(_folder["out.npz"])["output0"].ToFloats();
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 0.05f));
    }

    [Fact]
    public void The_runner_gives_the_reference_embeddings()
    {
        ModelImporter.Import(s_clip, _folder["clip"]);

        ModelRunner.Run(_folder["clip"], BundleRoles.TextEncoder, Golden.Path("clip", "tiny-hf", "expected.npz"), _folder["out.npz"]);

        float[] expected = NpzFile.Read(Golden.Path("clip", "tiny-hf", "expected.npz"))["text_embeds"].ToFloats(), found = NpzFile.Read(_folder["out.npz"])["text_embeds"].ToFloats();
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    private string PathOf(string bundle) => Path.Combine(_folder[bundle], "detector.onnx");

    private float[] Output(float[] pixels, float[] words, int count)
    {
        var output = RawGraph.Run(PathOf("bundle"), ("images", pixels, [1, 3, 64, 64]), ("text", words, [count, 512]))["output0"];
        return output.Values[..(5 * 84)];
    }

    // Any numbers between 0 and 1 that are not all alike.
    private static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => i * 7919 % 1009 / 1009f)];
}
