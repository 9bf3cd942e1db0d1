namespace OpenVocab.Tracking;

/// <summary>
/// The matching of rows and columns that minimises the sum of (cost - limit) over its pairs: pairs above the limit never match, and a pair below it matches only if that
/// lowers the total. Not the same as a full assignment that is cut at the limit afterwards.
/// </summary>
/// <remarks>Shortest augmenting paths with potentials (Jonker and Volgenant 1987), O(rows² × (rows + columns)).</remarks>
internal static class LinearAssignment
{
    internal const int Unmatched = -1;

    /// <summary>Solves one problem.</summary>
    /// <param name="costs">Rows × columns.</param>
    /// <param name="limit">Pairs of at least this cost do not match.</param>
    /// <returns>For each row its column, or <see cref="Unmatched"/>.</returns>
    internal static int[] Solve(double[,] costs, double limit)
    {
        int rows = costs.GetLength(0), columns = costs.GetLength(1);
        // Each row has a column of its own at no gain, which stands for staying alone; columns count from 1, 0 is the start of a path.
        int width = columns + rows;
        double[] rowPotential = new double[rows + 1], columnPotential = new double[width + 1];
        int[] rowOf = new int[width + 1], previous = new int[width + 1];
        double[] distance = new double[width + 1];
        bool[] visited = new bool[width + 1];
        for (int row = 1; row <= rows; row++)
        {
            rowOf[0] = row;
            Array.Fill(distance, double.PositiveInfinity);
            Array.Clear(visited);
            int column = 0;
            do
            {
                visited[column] = true;
                int at = rowOf[column], next = 0;
                double step = double.PositiveInfinity;
                for (int other = 1; other <= width; other++)
                {
                    if (visited[other]) { continue; }
                    double reduced = Gain(costs, at - 1, other - 1, columns, limit) - rowPotential[at] - columnPotential[other];
                    if (reduced < distance[other]) { (distance[other], previous[other]) = (reduced, column); }
                    if (distance[other] < step) { (step, next) = (distance[other], other); }
                }
                for (int other = 0; other <= width; other++)
                {
                    if (visited[other])
                    {
                        rowPotential[rowOf[other]] += step;
                        columnPotential[other] -= step;
                    }
                    else { distance[other] -= step; }
                }
                column = next;
            }
            while (rowOf[column] != 0);
            for (; column != 0; column = previous[column]) { rowOf[column] = rowOf[previous[column]]; }
        }
        int[] match = new int[rows];
        Array.Fill(match, Unmatched);
        for (int column = 1; column <= columns; column++)
        {
            int row = rowOf[column] - 1;
            if (row >= 0 && costs[row, column - 1] < limit) { match[row] = column - 1; }
        }
        return match;
    }

    private static double Gain(double[,] costs, int row, int column, int columns, double limit) =>
        column < columns ? Math.Min(costs[row, column] - limit, 0) : 0;
}
