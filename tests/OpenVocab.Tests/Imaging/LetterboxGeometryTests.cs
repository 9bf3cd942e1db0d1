using System.Text.Json;
using OpenVocab.Imaging;

namespace OpenVocab.Tests.Imaging;

public class LetterboxGeometryTests
{
    [Fact]
    public void Content_and_size_equal_the_reference_for_every_golden_size()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(Golden.Path("yolo-world", "letterbox-shapes.json")));
        int rows = 0;
        foreach (JsonElement row in golden.RootElement.EnumerateArray())
        {
            (int height, int width) = Pair(row.GetProperty("src"));
            (int targetHeight, int targetWidth) = Pair(row.GetProperty("imgsz"));

            LetterboxGeometry fitted = LetterboxGeometry.Fit(width, height, targetWidth, targetHeight, row.GetProperty("auto").GetBoolean(), 32);

            int[] content = [.. row.GetProperty("content_xyxy").EnumerateArray().Select(number => number.GetInt32())];
            Assert.Equal(Pair(row.GetProperty("dst")), (fitted.Height, fitted.Width));
            int[] placed = [fitted.Left, fitted.Top, fitted.Left + fitted.ContentWidth, fitted.Top + fitted.ContentHeight];
            Assert.Equal(content, placed);
            Assert.Equal((float)row.GetProperty("gain").GetDouble(), fitted.Gain);
            rows++;
        }
        Assert.Equal(90, rows);
    }

    [Fact]
    public void A_side_that_would_round_to_nothing_keeps_one_row()
    {
        LetterboxGeometry fitted = LetterboxGeometry.Fit(5000, 1, 320, 320, minimalRectangle: false, 32);

        Assert.Equal((320, 1), (fitted.ContentWidth, fitted.ContentHeight));
        Assert.Equal((320, 320), (fitted.Width, fitted.Height));
    }

    [Fact]
    public void A_box_is_mapped_back_and_clipped_to_the_picture()
    {
        LetterboxGeometry fitted = LetterboxGeometry.Fit(1280, 720, 640, 640, minimalRectangle: false, 32);

        Assert.Equal(new Box(20, 20, 1280, 720), fitted.ToSource(10, 150, 700, 639));
    }

    private static (int, int) Pair(JsonElement value) => value.ValueKind == JsonValueKind.Number
        ? (value.GetInt32(), value.GetInt32())
        : (value[0].GetInt32(), value[1].GetInt32());
}
