using OpenVocab.Fuzz;
using OpenVocab.Models.Checkpoints;

namespace OpenVocab.Models.Tests.Checkpoints;

public class HostileFileTests
{
    public static TheoryData<string> Names() => [.. All().Select(file => file.Name)];

    private static IEnumerable<HostileFile> All() => HostilePickles.All().Concat(HostileContainers.All());

    [Fact]
    public void There_are_more_than_a_hundred_and_each_has_a_name_of_its_own()
    {
        Assert.True(All().Count() > 100);
        Assert.Equal(All().Count(), All().Select(file => file.Name).Distinct().Count());
    }

    [Theory, MemberData(nameof(Names))]
    public void A_hostile_file_is_refused_with_its_place_and_its_reason(string name)
    {
        HostileFile file = All().Single(found => found.Name == name);
        string named = name.StartsWith("safetensors", StringComparison.Ordinal) ? "file.safetensors" : "file.pt";

        CheckpointException thrown = Assert.Throws<CheckpointException>(() =>
        {
            using Checkpoint checkpoint = Checkpoint.Open(ByteSource.Of(file.Content(), named));
            foreach (StoredTensor tensor in StateDictionary.Of(checkpoint.Root).Values) { tensor.ToFloats(); }
        });

        Assert.Contains(file.Says, thrown.Message, StringComparison.Ordinal);
        Assert.StartsWith($"{named}, byte ", thrown.Message, StringComparison.Ordinal);
        Assert.NotEmpty(thrown.Remedy);
    }

    [Fact]
    public void A_hundred_thousand_changed_files_are_read_or_refused_in_time_and_in_bounds()
    {
        FuzzReport report = new CheckpointFuzzer(FuzzSeeds.UpTo(2_000_000), seed: 20_261_126).Run(100_000, TimeSpan.FromMinutes(2));

        Assert.True(report.Failure is null, report.Failure);
        Assert.True(report.Inputs == 100_000, $"{report.Inputs} files in two minutes");
        // A fuzzer whose files are all refused at the first byte tries nothing.
        Assert.InRange(report.Accepted, report.Inputs / 20, report.Inputs / 2);
    }
}
