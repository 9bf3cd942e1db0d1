using System.Numerics.Tensors;
using System.Text.Json.Nodes;
using OpenVocab.Bundles;
using OpenVocab.Imaging;
using OpenVocab.Prompts;

namespace OpenVocab.Tests.Bundles;

public sealed class ModelBundleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_default_bundle_lies_beside_the_program_and_is_whole()
    {
        ModelBundle bundle = ModelBundle.OpenDefault();

        Assert.Equal("openvocab-default", bundle.Name);
        Assert.Equal((new InputSize(512), 0.25f, 0.5), (bundle.Detector.ImageSize, bundle.Detector.ScoreThreshold, bundle.Detector.IouThreshold));
        Assert.Equal(["a {}"], bundle.Text.Templates);
        Assert.NotNull(bundle.Find(BundleRoles.QueryEncoder));
    }

    [Fact]
    public void Its_vocabulary_is_eighty_unit_vectors()
    {
        Vocabulary vocabulary = ModelBundle.OpenDefault().LoadDefaultVocabulary();

        Assert.Equal((80, 512, "person", "toothbrush"), (vocabulary.Rows, vocabulary.Dimensions, vocabulary.Classes[0].Name, vocabulary.Classes[79].Name));
        for (int row = 0; row < 80; row++) { Assert.Equal(1f, TensorPrimitives.Norm(vocabulary.Embeddings.Slice(row * 512, 512)), 1e-5f); }
    }

    [Fact]
    public void A_changed_byte_in_a_file_is_found()
    {
        Copy();
        byte[] bytes = File.ReadAllBytes(_folder["query-encoder.onnx"]);
        bytes[1000] ^= 1;
        File.WriteAllBytes(_folder["query-encoder.onnx"], bytes);

        ModelException thrown = Assert.Throws<ModelException>(() => Open());

        Assert.Contains("query-encoder.onnx: the file is damaged: its SHA-256 is", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_cut_off_or_missing_is_found()
    {
        Copy();
        File.WriteAllBytes(_folder["detector.onnx"], new byte[10]);
        Assert.Contains("the file has 10 bytes", Assert.Throws<ModelException>(() => Open()).Message, StringComparison.Ordinal);
        File.Delete(_folder["detector.onnx"]);
        Assert.Contains("the detector of the bundle cannot be read", Assert.Throws<ModelException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("schemaVersion"), InlineData("files"), InlineData("detector.imageSize"), InlineData("detector.scoreThreshold"), InlineData("text.templates"), InlineData("text.paddingPrompt")]
    public void A_missing_field_is_named(string field)
    {
        Edit(root =>
        {
            string[] parts = field.Split('.');
            JsonObject parent = parts.Length == 1 ? root : root[parts[0]]!.AsObject();
            parent.Remove(parts[^1]);
        });

        Assert.Contains($"bundle.json: the field {field} is missing", Assert.Throws<ModelException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("detector", "scoreThreshold", "2"), InlineData("detector", "letterbox", "\"oval\""), InlineData("text", "templates", "[]"), InlineData("text", "positions", "\"many\""), InlineData("detector", "imageSize", "[512]")]
    public void A_field_that_is_out_of_bounds_is_named_with_its_value(string parent, string field, string value)
    {
        Edit(root => root[parent]![field] = JsonNode.Parse(value));

        Assert.Contains($"the field {parent}.{field} is", Assert.Throws<ModelException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("../outside.onnx"), InlineData("/etc/passwd")]
    public void A_path_that_leads_out_of_the_folder_is_refused(string path)
    {
        Edit(root => root["files"]![0]!["path"] = path);

        Assert.Contains("leads out of the bundle's folder", Assert.Throws<ModelException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_that_leads_out_of_the_folder_is_refused()
    {
        Copy();
        File.Delete(_folder["detector.onnx"]);
        File.CreateSymbolicLink(_folder["detector.onnx"], RepositoryFiles.Get("models", "default", "detector.onnx"));

        Assert.Contains("leads out of the bundle's folder", Assert.Throws<ModelException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_of_later_versions_are_ignored()
    {
        Edit(root => root["detector"]!["quantization"] = "int8");

        Assert.Equal("openvocab-default", Open().Name);
    }

    [Fact]
    public void A_folder_without_a_description_is_no_bundle() =>
        Assert.Contains("no model bundle", Assert.Throws<ModelException>(() => Open()).Message, StringComparison.Ordinal);

    [Fact]
    public void A_path_where_nothing_is_says_so() =>
        Assert.Contains("there is no such file and no such folder", Assert.Throws<ModelException>(() => ModelBundle.Open(_folder["none.onnx"])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_is_a_bundle_of_one_file()
    {
        ModelBundle bundle = ModelBundle.Open(RepositoryFiles.Get("models", "default", "detector.onnx"));

        Assert.Equal(("detector.onnx", 0.25f, 0.7), (bundle.Name, bundle.Detector.ScoreThreshold, bundle.Detector.IouThreshold));
        Assert.Equal("ff460f5256c2b1365a737309275435016039c12009b38832ab9c84b0e52d4d81", bundle.Require(BundleRoles.Detector).Sha256);
        Assert.Same(Vocabulary.Empty, bundle.LoadDefaultVocabulary());
    }

    [Fact]
    public void Without_a_text_encoder_a_bundle_finds_its_own_vocabulary_and_says_what_other_words_need()
    {
        Edit(root => root["files"]!.AsArray().RemoveAll(file => (string)file!["role"]! == BundleRoles.TextEncoder));
        using Detector detector = Detector.Load(_folder.Path);

        Assert.NotEmpty(detector.Detect(RepositoryFiles.Get("samples", "media", "dogs.jpg")).Detections);
        Assert.Equal(1, detector.SetClasses("dog").Rows);
        ModelException thrown = Assert.Throws<ModelException>(() => detector.SetClasses("teapot"));

        Assert.Contains("the model has no text encoder", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("openvocab models import … --text-encoder", thrown.Remedy, StringComparison.Ordinal);
        using Detector named = Detector.Load(_folder.Path, new DetectorOptions { TextEncoder = RepositoryFiles.Get("models", "default") });
        Assert.Equal(1, named.SetClasses("dog").Rows);
    }

    [Fact]
    public void A_description_that_is_no_json_is_refused()
    {
        File.WriteAllText(_folder["bundle.json"], "{");

        Assert.Contains("bundle.json: the file cannot be read", Assert.Throws<ModelException>(() => Open()).Message, StringComparison.Ordinal);
    }

    private ModelBundle Open() => ModelBundle.Open(_folder.Path);

    private void Copy()
    {
        foreach (string file in Directory.GetFiles(RepositoryFiles.Get("models", "default"))) { File.Copy(file, _folder[Path.GetFileName(file)]); }
    }

    private void Edit(Action<JsonObject> change)
    {
        Copy();
        JsonObject root = JsonNode.Parse(File.ReadAllText(_folder["bundle.json"]))!.AsObject();
        change(root);
        File.WriteAllText(_folder["bundle.json"], root.ToJsonString());
    }
}
