using System.CommandLine;
using OpenVocab.Clip;
using OpenVocab.Cli.Comparing;
using OpenVocab.Cli.Options;
using OpenVocab.Cli.Terminal;
using OpenVocab.Prompts;
using OpenVocab.Sources;
using Spectre.Console;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab classify</c>: which of some labels a picture shows.</summary>
internal static class ClassifyCommand
{
    private const int UsualTop = 5;

    internal static Command Create()
    {
        ClassifyOptions options = new();
        Command command = new("classify", "Says which of your labels pictures show, by CLIP; nothing is trained.");
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(options, parsed, cancellation), cancellation));
        return command;
    }

    private static int Run(ClassifyOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        // Everything that can be wrong is looked at before anything slow begins.
        PromptSet labels = options.ReadLabels(parsed);
        int? top = options.ReadTop(parsed);
        using ClipImageEncoder encoder = options.Clip.Open(parsed);
        PictureEmbedder embedder = new(encoder, options.Clip.Read(parsed).BatchSize, cancellation);
        List<SourceReference> pictures = embedder.Find(parsed.GetRequiredValue(options.Pictures));
        OutputPlaces.KeepApart(parsed.GetValue(options.JsonLines), pictures);
        if (pictures.Count == 0) { return embedder.ExitCode; }

        bool independent = parsed.GetValue(options.Independent);
        if (labels.Classes.Count + labels.Background.Count == 1 && !independent) { Screen.Error.WriteLine("notice: with one label there is nothing to choose from, and its probability is 1; --independent judges it for itself."); }
        ZeroShotClassifier classifier = new(encoder, labels, independent);
        using LinesFile lines = new(parsed.GetValue(options.JsonLines), parsed.InvocationConfiguration.Output);
        Table table = ComparisonTable.NewLabels();
        int done = 0;
        foreach (EmbeddedPicture picture in embedder.Embed(pictures))
        {
            LabelProbability[] best = [.. classifier.Classify(picture.Embedding).OrderByDescending(label => label.Cosine)];
            ComparisonTable.Add(table, picture.Name, best.Take(top ?? UsualTop));
            if (lines.IsWanted) { lines.Write(ClassificationJson.Line(picture.Name, best.Take(top ?? best.Length))); }
            done++;
        }
        lines.Commit();
        if (done > 0 && !parsed.GetValue(options.Quiet)) { ComparisonTable.Print(table, done); }
        return embedder.ExitCode;
    }
}
