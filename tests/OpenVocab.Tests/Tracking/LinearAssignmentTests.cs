using System.Text.Json;
using OpenVocab.Tracking;

namespace OpenVocab.Tests.Tracking;

public class LinearAssignmentTests
{
    [Fact]
    public void Matches_equal_the_reference_in_every_golden_case()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Golden.Path("bytetrack", "parts", "assignment.json")));
        int cases = 0;
        foreach (JsonElement row in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            double[][] costs = [.. row.GetProperty("cost").EnumerateArray().Select(line => line.EnumerateArray().Select(value => value.GetDouble()).ToArray())];
            double[,] table = new double[costs.Length, costs.Length == 0 ? 0 : costs[0].Length];
            for (int i = 0; i < costs.Length; i++) { for (int j = 0; j < costs[i].Length; j++) { table[i, j] = costs[i][j]; } }

            int[] match = LinearAssignment.Solve(table, row.GetProperty("costLimit").GetDouble());

            (int, int)[] expected = [.. row.GetProperty("matches").EnumerateArray().Select(pair => (pair[0].GetInt32(), pair[1].GetInt32())).Order()];
            Assert.Equal(expected, match.Select((column, i) => (i, column)).Where(pair => pair.column >= 0));
            cases++;
        }
        Assert.Equal(50, cases);
    }
}
