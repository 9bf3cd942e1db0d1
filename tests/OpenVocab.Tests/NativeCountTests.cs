using OpenVocab.Pipelines;
using OpenVocab.Sinks;
using OpenVocab.Tests.Pipelines;

namespace OpenVocab.Tests;

/// <summary>The counter is the process's: these run while nothing else does.</summary>
[CollectionDefinition(nameof(NativeCountTests), DisableParallelization = true)]
[Collection(nameof(NativeCountTests))]
public class NativeCountTests
{
    [Fact]
    public async Task A_run_leaves_nothing_native_behind()
    {
        using TemporaryFolder folder = new();
        int before = NativeCount.Alive;

        using (Detector detector = Detector.Load(new DetectorOptions { ImageSize = new(320) }))
        {
            detector.SetClasses("cat");
            await Pipeline.From(new ListSource("dogs.jpg", "dogs.jpg")).Detect(detector)
                .To([.. ResultFormats.Names.SelectMany(format => ResultFormats.Create(format, folder.Path))]).RunAsync(cancellationToken: TestContext.Current.CancellationToken);
            detector.Detect(ListSource.PathOf("cat.jpg")).Draw();
        }

        Assert.Equal(before, NativeCount.Alive);
    }

    [Fact]
    public async Task Neither_does_a_run_that_fails()
    {
        int before = NativeCount.Alive;

        using (Detector detector = Detector.Load(new DetectorOptions { ImageSize = new(320) }))
        {
            await Assert.ThrowsAsync<SinkException>(() => Pipeline.From(new ListSource("dogs.jpg", "dogs.jpg")).Detect(detector)
                .To(new RecordingSink(_ => throw new SinkException("full", "free some"))).RunAsync(cancellationToken: TestContext.Current.CancellationToken));
        }

        Assert.Equal(before, NativeCount.Alive);
    }
}
