using CsCheck;
using OpenVocab.Decoding;

namespace OpenVocab.Tests.Decoding;

public class ChannelMajorDecoderTests
{
    private const int Anchors = 37;

    [Fact]
    public void Phrases_of_one_class_give_one_box_with_the_best_score()
    {
        float[] output = Output(3, (5, [0.3f, 0.6f, 0.2f]));

        Candidates found = Decode(output, classOfRow: [0, 0, 1], thresholds: [0.25f, 0.25f]);

        Assert.Equal((1, 0, 0.6f, 5), (found.Count, found.ClassId[0], found.Score[0], found.Anchor[0]));
    }

    [Fact]
    public void A_background_prompt_that_wins_hides_the_region()
    {
        float[] output = Output(2, (5, [0.5f, 0.6f]), (6, [0.6f, 0.5f]));

        Candidates found = Decode(output, classOfRow: [0, -1], thresholds: [0.25f]);

        Assert.Equal((1, 6), (found.Count, found.Anchor[0]));
    }

    [Fact]
    public void Each_class_has_its_own_threshold_and_it_is_strict()
    {
        float[] output = Output(2, (1, [0.4f, 0.1f]), (2, [0.41f, 0.1f]), (3, [0.1f, 0.2f]), (4, [0.1f, 0.21f]));

        Candidates found = Decode(output, classOfRow: [0, 1], thresholds: [0.4f, 0.2f]);

        Assert.Equal([2, 4], found.Anchor[..found.Count]);
    }

    [Theory, InlineData(float.NaN), InlineData(float.PositiveInfinity)]
    public void A_score_that_is_no_number_is_dropped_and_counted(float broken)
    {
        float[] output = Output(2, (3, [broken, 0.5f]), (4, [0.5f, 0.1f]));

        Candidates found = Decode(output, classOfRow: [0, 1], thresholds: [0.25f, 0.25f]);

        Assert.Equal(1, found.NonFinite);
        Assert.Equal([(3, 1), (4, 0)], found.Anchor[..found.Count].Zip(found.ClassId));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void A_coordinate_that_is_no_number_drops_the_box_and_is_counted(int coordinate)
    {
        float[] output = Output(1, (3, [0.5f]));
        output[coordinate * Anchors + 3] = float.NaN;

        Candidates found = Decode(output, classOfRow: [0], thresholds: [0.25f]);

        Assert.Equal((0, 1), (found.Count, found.NonFinite));
    }

    [Fact]
    public void Scratch_of_one_picture_does_not_reach_the_next()
    {
        ChannelMajorDecoder decoder = new();
        Candidates found = new();
        decoder.Decode(Output(1, (3, [0.9f])), Anchors, Settings([0], [0.25f]), found);

        decoder.Decode(Output(1, (7, [0.3f])), Anchors, Settings([0], [0.25f]), found);

        Assert.Equal((1, 7, 0.3f), (found.Count, found.Anchor[0], found.Score[0]));
    }

    [Fact]
    public void The_scan_finds_the_same_values_as_a_plain_loop() =>
        Gen.Select(Gen.Float[0f, 1f].Array[0, 70], Gen.Float[0f, 1f]).Sample((line, bound) =>
        {
            List<int> found = [];
            for (int at = ChannelMajorDecoder.NextAbove(line, 0, bound); at < line.Length; at = ChannelMajorDecoder.NextAbove(line, at + 1, bound))
            {
                found.Add(at);
            }
            return found.SequenceEqual(Enumerable.Range(0, line.Length).Where(i => line[i] > bound));
        });

    /// <summary>An output in which anchor i has a 10 × 10 box around (20 i, 50); scores are 0 where nothing is given.</summary>
    private static float[] Output(int rows, params (int Anchor, float[] Scores)[] scores)
    {
        float[] output = new float[(4 + rows) * Anchors];
        for (int anchor = 0; anchor < Anchors; anchor++)
        {
            (output[anchor], output[Anchors + anchor]) = (20 * anchor, 50);
            (output[2 * Anchors + anchor], output[3 * Anchors + anchor]) = (10, 10);
        }
        foreach ((int anchor, float[] values) in scores)
        {
            for (int row = 0; row < rows; row++) { output[(4 + row) * Anchors + anchor] = values[row]; }
        }
        return output;
    }

    private static Candidates Decode(float[] output, int[] classOfRow, float[] thresholds)
    {
        Candidates found = new();
        new ChannelMajorDecoder().Decode(output, Anchors, Settings(classOfRow, thresholds), found);
        return found;
    }

    private static DecodeSettings Settings(int[] classOfRow, float[] thresholds) => new()
    {
        ClassOfRow = classOfRow,
        Thresholds = thresholds,
        SuppressionGroups = [.. Enumerable.Range(0, thresholds.Length)],
    };
}
