using System.Text.Json;
using OpenVocab.Tracking;

namespace OpenVocab.Tests.Tracking;

public class KalmanFilterTests
{
    [Fact]
    public void Every_step_equals_the_filter_of_eight_dimensions()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Golden.Path("bytetrack", "parts", "kalman.json")));
        foreach (JsonElement sequence in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            KalmanFilter filter = default;
            foreach (JsonElement step in sequence.GetProperty("steps").EnumerateArray())
            {
                switch (step.GetProperty("op").GetString())
                {
                    case "initiate": filter = new KalmanFilter(ReadBox(step)); break;
                    case "update": filter.Update(ReadBox(step)); break;
                    default:
                        if (step.GetProperty("lost").GetBoolean()) { filter.Height.Velocity = 0; }
                        filter.Predict();
                        break;
                }
                KalmanFilter.Axis[] axes = [filter.X, filter.Y, filter.Aspect, filter.Height];
                JsonElement mean = step.GetProperty("mean"), covariance = step.GetProperty("covariance");
                for (int i = 0; i < 4; i++)
                {
                    Near(mean[i], axes[i].Mean);
                    Near(mean[i + 4], axes[i].Velocity);
                    Near(covariance[i][i], axes[i].Variance);
                    Near(covariance[i][i + 4], axes[i].Covariance);
                    Near(covariance[i + 4][i + 4], axes[i].VelocityVariance);
                }
            }
        }
    }

    // Boxes come as float32 here, as the reference's do; the golden steps are in double.
    private static void Near(JsonElement expected, double actual) => Assert.Equal(expected.GetDouble(), actual, 1e-4 * Math.Max(1, Math.Abs(expected.GetDouble())));

    private static Box ReadBox(JsonElement step) => step.GetProperty("box") is var box
        ? new(box[0].GetSingle(), box[1].GetSingle(), box[2].GetSingle(), box[3].GetSingle()) : default;
}
