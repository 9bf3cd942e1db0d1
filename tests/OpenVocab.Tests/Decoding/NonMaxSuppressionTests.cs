using CsCheck;
using OpenVocab.Decoding;

namespace OpenVocab.Tests.Decoding;

public class NonMaxSuppressionTests
{
    [Fact]
    public void Classes_of_one_group_suppress_each_other_and_others_do_not()
    {
        Candidates found = new();
        found.Add(0, 0, 10, 10, 0.9f, classId: 0, anchor: 0);
        found.Add(0, 0, 10, 10, 0.8f, classId: 1, anchor: 1);
        found.Add(0, 0, 10, 10, 0.7f, classId: 2, anchor: 2);
        List<int> kept = [];

        new NonMaxSuppression().Run(found, Settings(groups: [0, 0, 2]), kept);

        Assert.Equal([0, 2], kept);
    }

    [Fact]
    public void Keeps_what_a_plain_double_loop_keeps()
    {
        var boxes = Gen.Select(Gen.Float[0, 60], Gen.Float[0, 60], Gen.Float[1, 40], Gen.Float[1, 40], Gen.Float[0.01f, 1f], Gen.Int[0, 2]).Array[0, 80];
        boxes.Sample(drawn =>
        {
            Candidates found = new();
            foreach ((float x, float y, float width, float height, float score, int classId) in drawn)
            {
                found.Add(x, y, x + width, y + height, score, classId, found.Count);
            }
            List<int> kept = [];
            new NonMaxSuppression().Run(found, Settings([0, 1, 2]), kept);
            return kept.SequenceEqual(Plain(found, 0.5));
        });
    }

    [Fact]
    public void Only_the_best_candidates_enter()
    {
        Candidates found = new();
        for (int i = 0; i < 1000; i++) { found.Add(20 * i, 0, 20 * i + 10, 10, (i + 1) / 1000f, 0, i); }
        List<int> kept = [];

        new NonMaxSuppression().Run(found, new() { ClassOfRow = [0], Thresholds = [0], SuppressionGroups = [0], MaxCandidates = 3 }, kept);

        Assert.Equal([999, 998, 997], kept);
    }

    private static List<int> Plain(Candidates found, double threshold)
    {
        List<int> kept = [];
        foreach (int i in Enumerable.Range(0, found.Count).OrderByDescending(i => found.Score[i]))
        {
            if (kept.TrueForAll(k => found.ClassId[k] != found.ClassId[i] || Overlap(found, k, i) <= threshold)) { kept.Add(i); }
        }
        return kept;
    }

    // With the class offset, as the reference computes it: the offset rounds coordinates.
    private static double Overlap(Candidates found, int a, int b)
    {
        float offset = found.ClassId[a] * 7680f;
        float ax1 = found.X1[a] + offset, ay1 = found.Y1[a] + offset, ax2 = found.X2[a] + offset, ay2 = found.Y2[a] + offset;
        float bx1 = found.X1[b] + offset, by1 = found.Y1[b] + offset, bx2 = found.X2[b] + offset, by2 = found.Y2[b] + offset;
        float shared = Math.Max(Math.Min(ax2, bx2) - Math.Max(ax1, bx1), 0f) * Math.Max(Math.Min(ay2, by2) - Math.Max(ay1, by1), 0f);
        return shared / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - shared);
    }

    private static DecodeSettings Settings(int[] groups) => new()
    {
        ClassOfRow = [.. Enumerable.Range(0, groups.Length)],
        Thresholds = [.. groups.Select(_ => 0f)],
        SuppressionGroups = groups,
        IouThreshold = 0.5,
    };
}
