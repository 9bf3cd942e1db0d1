using System.Buffers;
using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using OpenCvSharp;
using OpenVocab.Cli.Benching;
using OpenVocab.Cli.Options;
using OpenVocab.Cli.Plots;
using OpenVocab.Cli.Terminal;
using OpenVocab.Imaging;
using OpenVocab.Inference;
using OpenVocab.Models;
using OpenVocab.Sinks;
using Spectre.Console;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab bench</c>: where the time of a frame goes on this machine, over numbers of prompts and input sizes.</summary>
internal static class BenchCommand
{
    internal static Command Create()
    {
        BenchOptions options = new();
        Command command = new("bench", "Times a model on this machine: each stage of a frame, over numbers of prompts and input sizes.");
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(options, parsed, cancellation), cancellation));
        return command;
    }

    private static int Run(BenchOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        int runs = OptionRange.Check("--runs", parsed.GetValue(options.Runs), 1, 100_000), threads = OptionRange.Check("--threads", parsed.GetValue(options.Threads), 0, 256);
        string? model = parsed.GetValue(options.Model) is { } name ? PulledModels.Resolve(name) : null;
        using Mat picture = parsed.GetValue(options.Source) is { } source ? ImageFile.Read(source) : Generate();
        List<BenchRow> rows = [];
        string bundle = "", device = "";
        foreach ((InputSize? shape, ExecutionPrecision precision) in Shapes(options, parsed).SelectMany(shape => Precisions(options, parsed, model), (shape, precision) => (shape, precision)))
        {
            DetectorOptions settings = new() { ImageSize = shape, MinimalRectangle = false, Threads = threads, Device = DetectionOptions.ToDevice(parsed.GetValue(options.Device)), Precision = precision };
            using Detector detector = Detector.Load(model, settings, null);
            (bundle, device) = (detector.Bundle.Name, detector.Device.ToString().ToLowerInvariant());
            // Classes that are part of the network cannot be more or fewer.
            IEnumerable<int> prompts = detector.Signature.Text is { Prompts: <= 0 } ? parsed.GetRequiredValue(options.Prompts) : [detector.Vocabulary.Rows];
            foreach (int count in prompts)
            {
                rows.Add(BenchRun.Measure(detector, picture, count, runs, cancellation));
                Screen.Error.WriteLine(Invariant($"{rows[^1].Input} {rows[^1].Precision}, prompts {rows[^1].Prompts}: {rows[^1].FramesPerSecond:0.0} frames/s"));
            }
        }
        string circumstances = Invariant($"{bundle} on {device}, {(threads > 0 ? threads : Environment.ProcessorCount)} threads, {RuntimeInformation.OSDescription}, .NET {Environment.Version}");
        long peak = Process.GetCurrentProcess().PeakWorkingSet64;
        Print(rows, circumstances, peak);
        if (parsed.GetValue(options.Chart) is { } chart) { AtomicFile.Write(chart, BenchPlot.Draw(bundle, rows)); }
        if (parsed.GetValue(options.Json)) { parsed.InvocationConfiguration.Output.WriteLine(ToJson(rows, circumstances, peak)); }
        return ExitCodes.Success;
    }

    // Null is the model's own size.
    private static IEnumerable<InputSize?> Shapes(BenchOptions options, ParseResult parsed) =>
        parsed.GetResult(options.Shapes) is { Implicit: false } ? parsed.GetRequiredValue(options.Shapes).Select(shape => (InputSize?)shape) : [null];

    private static IEnumerable<ExecutionPrecision> Precisions(BenchOptions options, ParseResult parsed, string? model)
    {
        if (parsed.GetResult(options.Precisions) is { Implicit: false }) { return parsed.GetRequiredValue(options.Precisions); }
        using Detector detector = Detector.Load(model, new DetectorOptions { Device = DetectionOptions.ToDevice(parsed.GetValue(options.Device)) }, null);
        return detector.Precision == ExecutionPrecision.Quantized ? [ExecutionPrecision.Full, ExecutionPrecision.Quantized] : [ExecutionPrecision.Full];
    }

    /// <summary>Shapes that differ in size and colour: the decoder has something to decode.</summary>
    private static Mat Generate()
    {
        Mat picture = new(1080, 1920, MatType.CV_8UC3, new Scalar(110, 120, 130));
        Random random = new(1);
        for (int i = 0; i < 60; i++)
        {
            Scalar color = new(random.Next(256), random.Next(256), random.Next(256));
            Point at = new(random.Next(1920), random.Next(1080));
            if (i % 2 == 0) { Cv2.Circle(picture, at, random.Next(20, 160), color, thickness: -1); }
            else { Cv2.Rectangle(picture, new Rect(at.X, at.Y, random.Next(30, 300), random.Next(30, 300)), color, thickness: -1); }
        }
        return picture;
    }

    private static void Print(IReadOnlyList<BenchRow> rows, string circumstances, long peak)
    {
        Table table = AccuracyTable.NewTable("input").AddColumn("numbers").AddColumn(new TableColumn("prompts").RightAligned());
        foreach (string column in (string[])["preprocess", "inference", "postprocess", "total ms", "p95 ms", "frames/s", "bytes a frame"]) { table.AddColumn(new TableColumn(column).RightAligned()); }
        foreach (BenchRow row in rows)
        {
            table.AddRow(
                row.Input, row.Precision, Invariant($"{row.Prompts}"), Invariant($"{row.Preprocess.Median:0.00}"), Invariant($"{row.Inference.Median:0.00}"), Invariant($"{row.Postprocess.Median:0.000}"),
                Invariant($"{row.Total.Median:0.00}"), Invariant($"{row.Total.P95:0.00}"), Invariant($"{row.FramesPerSecond:0.0}"), Invariant($"{row.AllocatedBytes:0}"));
        }
        Screen.Error.Write(table);
        Screen.Error.WriteLine(Invariant($"{circumstances}; medians; {peak / 1e6:0} MB at the most."));
    }

    private static string ToJson(IReadOnlyList<BenchRow> rows, string circumstances, long peak)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            json.WriteString("circumstances", circumstances);
            json.WriteNumber("peakMemoryBytes", peak);
            json.WriteStartArray("rows");
            foreach (BenchRow row in rows) { row.Write(json); }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
