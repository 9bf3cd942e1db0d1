using System.CommandLine;
using OpenVocab.Cli.Comparing;
using OpenVocab.Cli.Options;
using OpenVocab.Cli.Searching;
using OpenVocab.Cli.Terminal;
using OpenVocab.Imaging;
using OpenVocab.Prompts;
using OpenVocab.Search;
using Spectre.Console;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab ask</c>: words in, the moments of an index where such a thing is seen out.</summary>
internal static class AskCommand
{
    internal static Command Create()
    {
        AskCommandOptions options = new();
        Command command = new("ask", "Finds things in videos that \"openvocab index\" has looked at: any words, without looking again.");
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(options, parsed, cancellation), cancellation));
        return command;
    }

    private static int Run(AskCommandOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        // Everything that can be wrong is looked at before anything slow begins.
        AskOptions question = options.ReadOptions(parsed);
        PromptSet words = options.ReadWords(parsed);
        TimeSpan around = options.ReadAround(parsed);
        ImageLimits limits = PixelLimit.Read(options.MaxPixels, parsed);
        string place = parsed.GetRequiredValue(options.Index);
        VideoIndexDescription described = VideoIndex.Describe(place);
        using Detector detector = Detector.Load(options.ReadModel(parsed, described.Model), options.ReadDetectorOptions(parsed), words);
        RunReport.PrintNotices(detector);
        using VideoIndex index = VideoIndex.Open(place, detector);
        IReadOnlyList<VideoAnswer> answers = index.Ask(words, question);
        options.KeepApart(parsed, place, answers);
        WriteLines(options, parsed, answers);
        bool quiet = parsed.GetValue(options.Quiet);
        if (!quiet) { AnswerTable.Print(answers, described, words.Classes.Count > 1); }
        AnswerTable.PrintProblems(answers);
        string heading = string.Join(", ", words.Classes.Select(prompt => prompt.Name).Concat(words.Background.Select(not => "not " + not)));
        List<string> files = WritePictures(options, parsed, heading, answers, described, limits);
        AnswerFiles.Write(answers, parsed.GetValue(options.Thumbnails), parsed.GetValue(options.Clips), around, limits, files, cancellation);
        if (!quiet) { RunReport.PrintFiles(files); }
        return ExitCodes.Success;
    }

    private static void WriteLines(AskCommandOptions options, ParseResult parsed, IReadOnlyList<VideoAnswer> answers)
    {
        using LinesFile lines = new(parsed.GetValue(options.JsonLines), parsed.InvocationConfiguration.Output);
        for (int i = 0; i < answers.Count; i++)
        {
            if (lines.IsWanted) { lines.Write(AnswerJson.Line(i + 1, answers[i])); }
        }
        lines.Commit();
    }

    private static List<string> WritePictures(AskCommandOptions options, ParseResult parsed, string heading, IReadOnlyList<VideoAnswer> answers, VideoIndexDescription index, ImageLimits limits)
    {
        List<string> files = [];
        IReadOnlyList<ShownPicture> shown = [.. answers.Select((answer, i) => AnswerPicture.Show(i + 1, answer, limits))];
        if (parsed.GetValue(options.Sheet) is { } sheet)
        {
            ContactSheet.Write(sheet, heading, shown);
            files.Add(sheet);
            if (shown.Count > ContactSheet.MostPictures) { Screen.Error.WriteLine($"notice: the sheet shows the first {ContactSheet.MostPictures} answers."); }
        }
        if (parsed.GetValue(options.Page) is { } page)
        {
            HitPage.Write(page, heading, shown, Invariant($"{answers.Count} answers from {index.Sources} sources, by {index.Model.Name}"));
            files.Add(page);
        }
        return files;
    }
}
