using OpenCvSharp;
using OpenVocab.Prompts;
using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Tests.Layouts;

/// <summary>Networks whose classes were fixed when they were exported: words choose among them.</summary>
public sealed class BakedClassesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Words_choose_among_the_models_own_classes_whatever_their_case()
    {
        using Detector detector = Load("{0: 'red bus', 1: 'person', 2: 'traffic light'}");
        using Mat white = KnownBoxes.Picture(255);
        Assert.Equal(["red bus", "person", "traffic light"], detector.Vocabulary.Classes.Select(known => known.Name));

        detector.SetClasses("Traffic Light", "RED BUS");
        FrameResult result = detector.Detect(white);

        Assert.Equal(["RED BUS", "Traffic Light"], result.Detections.Select(result.NameOf));
        Assert.Equal([0.8f, 0.7f], result.Detections.Select(found => found.Score));
    }

    [Fact]
    public void Thresholds_and_synonyms_work_as_with_words()
    {
        using Detector detector = Load("{0: 'red bus', 1: 'person', 2: 'traffic light'}");
        using Mat white = KnownBoxes.Picture(255);

        detector.SetClasses(new PromptSet([new("vehicle") { Prompts = ["truck", "red bus"], Threshold = 0.85f }, new("human") { Prompts = ["person", "pedestrian"] }]));
        FrameResult result = detector.Detect(white);

        Assert.Equal("human", result.NameOf(Assert.Single(result.Detections)));
    }

    [Fact]
    public void Another_word_is_refused_with_the_reason_near_names_and_the_remedy()
    {
        using Detector detector = Load("{0: 'red bus', 1: 'person', 2: 'traffic light'}");

        PromptException thrown = Assert.Throws<PromptException>(() => detector.SetClasses("persons", "zebra", "bus"));

        Assert.Equal(
            "tiny.onnx has no class \"persons\", \"zebra\", \"bus\"; near are \"person\", \"red bus\". Its 3 classes were fixed when it was exported: \"red bus\", \"person\", \"traffic light\".",
            thrown.Message);
        Assert.Contains("a model with a text input", thrown.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_words_for_one_class_are_refused()
    {
        using Detector detector = Load("['a', 'b', 'c']");

        Assert.Contains("both mean \"a\"", Assert.Throws<PromptException>(() => detector.SetClasses("a", "A")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_comes_twice_is_one_class()
    {
        using Detector detector = Load("['a', 'b', 'a']");
        using Mat white = KnownBoxes.Picture(255);

        Assert.Equal(["a", "b"], detector.Vocabulary.Classes.Select(known => known.Name));
        Assert.Equal([1, 0, 0], detector.Detect(white).Detections.Select(found => found.ClassId));
    }

    [Fact]
    public void Names_that_do_not_fit_the_outputs_are_filled_up_with_numbers()
    {
        using Detector detector = Load("['a']");

        Assert.Equal(["a", "class 1", "class 2"], detector.Vocabulary.Classes.Select(known => known.Name));
    }

    [Fact]
    public void Without_names_classes_have_numbers()
    {
        using Detector detector = Load(null);

        Assert.Equal(["class 0", "class 1", "class 2"], detector.Vocabulary.Classes.Select(known => known.Name));
    }

    [Fact]
    public void Names_that_cannot_be_read_are_an_error_that_names_the_place()
    {
        ModelException thrown = Assert.Throws<ModelException>(() => Load("{0: open('x')}"));

        Assert.Contains("tiny.onnx: the class names in the file's metadata cannot be read: a string, a number, a list or a dictionary is expected at character 5", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_encoder_for_a_model_without_words_is_refused()
    {
        Load(null).Dispose();

        ModelException thrown = Assert.Throws<ModelException>(() => Detector.Load(_folder["tiny.onnx"], new DetectorOptions { TextEncoder = RepositoryFiles.Get("models", "default") }));

        Assert.Contains("its 3 classes were fixed when it was exported", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_of_another_kind_of_model_is_refused()
    {
        using Detector detector = Load(null), words = Detector.Load();
        using Mat white = KnownBoxes.Picture(255);

        Assert.Contains("have 512 dimensions; this detector takes 0", Assert.Throws<ArgumentException>(() => detector.Detect(white, words.Vocabulary)).Message, StringComparison.Ordinal);
    }

    private Detector Load(string? names)
    {
        TinyGraph graph = new();
        graph.Output("output0", graph.Join(1, graph.ForEach(KnownBoxes.CentersAndSizes(), 4, KnownBoxes.Anchors), graph.Scores(KnownBoxes.Probabilities(), 3, KnownBoxes.Anchors)), DataType.Float, 1, 7, KnownBoxes.Anchors);
        if (names is not null) { graph.Metadata("names", names).Metadata("task", "detect"); }
        return Detector.Load(graph.Save(_folder));
    }
}
