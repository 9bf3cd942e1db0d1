using OpenCvSharp;
using OpenVocab.Clip;

namespace OpenVocab.Models.Tests.Clip;

/// <summary>The counter of natives is the process's: these run while nothing else does.</summary>
[CollectionDefinition(nameof(ClipMemoryTests), DisableParallelization = true)]
[Collection(nameof(ClipMemoryTests))]
public sealed class ClipMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ClipMemoryTests() => ModelImporter.Import(TinyClip.Weights, _folder["clip"], new() { Tokenizer = TinyClip.WriteTokenizer(_folder["tokenizer"]) });

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_encoder_leaves_nothing_native_behind()
    {
        int before = NativeCount.Alive;
        using Mat grey = new(40, 30, MatType.CV_16UC1, new Scalar(9000));

        using (ClipImageEncoder encoder = ClipImageEncoder.Load(_folder["clip"]))
        {
            encoder.Encode(grey, grey);
            encoder.EncodeText("cat");
            FrameResult result = TestResults.Result(TestResults.VocabularyOf("dog", "cat"), 30, 40, new Detection(0, 0.9f, new Box(1, 1, 20, 30)));
            new DetectionVerifier(encoder).Apply(grey, result);
        }

        Assert.Equal(before, NativeCount.Alive);
    }

    [Fact]
    public void Neither_does_one_that_is_refused()
    {
        ModelImporter.Import(Golden.Path("clip", "tiny-openai.pt"), _folder["other"]);
        int before = NativeCount.Alive;

        Assert.Throws<ModelException>(() => ClipImageEncoder.Load(_folder["other"], new() { TextEncoder = _folder["clip"] }));
        Assert.Throws<ModelException>(() => ClipImageEncoder.Load(Path.Combine(_folder["clip"], "text-encoder.onnx")));

        Assert.Equal(before, NativeCount.Alive);
    }

    [Fact]
    public async Task A_run_that_is_under_way_is_finished_before_the_network_goes()
    {
        int before = NativeCount.Alive;
        using Mat picture = TestPictures.Noise(900, 700);
        ClipImageEncoder encoder = ClipImageEncoder.Load(_folder["clip"], new() { BatchSize = 1 });
        float[] wanted = encoder.Encode(picture);
        Mat[] many = [.. Enumerable.Repeat(picture, 200)];
        using ManualResetEventSlim begun = new();
        Task<float[][]> run = Task.Run(() =>
        {
            begun.Set();
            return encoder.Encode(many);
        });

        begun.Wait(TestContext.Current.CancellationToken);
        // Either it has entered and is finished, or it comes too late and is told so; never anything in between.
        encoder.Dispose();
        try { Assert.All(await run, embedding => Assert.Equal(wanted, embedding)); }
        catch (ObjectDisposedException) { }

        Assert.Equal(before, NativeCount.Alive);
    }

    [Fact]
    public void A_picture_leaves_little_more_than_its_embedding()
    {
        const int Runs = 20, Allowed = 4096;
        using ClipImageEncoder encoder = ClipImageEncoder.Load(_folder["clip"]);
        using Mat picture = TestPictures.Noise(640, 480);
        for (int warm = 0; warm < 3; warm++) { encoder.Encode(picture); }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Runs; i++) { encoder.Encode(picture); }

        // What the network's run itself makes is a few small objects; the pixels of one input would be 600,000 bytes.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Runs, encoder.Dimensions * sizeof(float), encoder.Dimensions * sizeof(float) + Allowed);
    }
}
