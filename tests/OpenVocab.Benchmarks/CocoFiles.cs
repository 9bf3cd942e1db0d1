using System.Text.Json;

namespace OpenVocab.Benchmarks;

/// <summary>Makes labels and detections of COCO's size, for timing <c>openvocab val</c>: 5,000 pictures, 80 classes, 35,000 labels, 500,000 detections. The same files every time.</summary>
internal static class CocoFiles
{
    private const int Images = 5000, Classes = 80, Detections = 500_000, Width = 640, Height = 480;

    internal static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        Random random = new(1);
        using FileStream labels = File.Create(Path.Combine(folder, "labels.json")), detections = File.Create(Path.Combine(folder, "detections.json"));
        using Utf8JsonWriter truth = new(labels), found = new(detections);
        truth.WriteStartObject();
        WriteList(truth, "images", Images, (i, json) => json.WriteString("file_name", $"{i:000000000000}.jpg"));
        WriteList(truth, "categories", Classes, (i, json) => json.WriteString("name", $"class {i}"));
        truth.WriteStartArray("annotations");
        found.WriteStartArray();
        int label = 0, written = 0;
        for (int image = 1; image <= Images; image++)
        {
            int last = Detections / Images * image;
            for (int objects = random.Next(2, 13); objects > 0; objects--)
            {
                int category = random.Next(1, Classes + 1);
                double[] box = Place(random);
                truth.WriteStartObject();
                truth.WriteNumber("id", ++label);
                WriteBox(truth, image, category, box);
                truth.WriteNumber("area", Math.Round(box[2] * box[3] * 0.7, 2));
                truth.WriteNumber("iscrowd", random.Next(50) == 0 ? 1 : 0);
                truth.WriteEndObject();
                for (int near = random.Next(7); near > 0 && written < last; near--, written++)
                {
                    double Shift(double extent) => (random.NextDouble() - 0.5) * 0.3 * extent;
                    WriteDetection(found, image, category, [box[0] + Shift(box[2]), box[1] + Shift(box[3]), box[2] + Shift(box[2]), box[3] + Shift(box[3])], random.NextDouble());
                }
            }
            for (; written < last; written++) { WriteDetection(found, image, random.Next(1, Classes + 1), Place(random), Math.Pow(random.NextDouble(), 3)); }
        }
        found.WriteEndArray();
        truth.WriteEndArray();
        truth.WriteEndObject();
    }

    private static double[] Place(Random random)
    {
        double width = 4 + 296 * random.NextDouble(), height = 4 + 296 * random.NextDouble();
        return [(Width - width) * random.NextDouble(), (Height - height) * random.NextDouble(), width, height];
    }

    private static void WriteList(Utf8JsonWriter json, string name, int count, Action<int, Utf8JsonWriter> fill)
    {
        json.WriteStartArray(name);
        for (int i = 1; i <= count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", i);
            fill(i, json);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteDetection(Utf8JsonWriter json, int image, int category, double[] box, double score)
    {
        json.WriteStartObject();
        WriteBox(json, image, category, box);
        json.WriteNumber("score", Math.Round(score, 5));
        json.WriteEndObject();
    }

    private static void WriteBox(Utf8JsonWriter json, int image, int category, double[] box)
    {
        json.WriteNumber("image_id", image);
        json.WriteNumber("category_id", category);
        json.WriteStartArray("bbox");
        foreach (double side in box) { json.WriteNumberValue(Math.Round(side, 2)); }
        json.WriteEndArray();
    }
}
