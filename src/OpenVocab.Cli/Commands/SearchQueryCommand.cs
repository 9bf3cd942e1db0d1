using System.CommandLine;
using OpenCvSharp;
using OpenVocab.Cli.Comparing;
using OpenVocab.Cli.Options;
using OpenVocab.Cli.Searching;
using OpenVocab.Cli.Terminal;
using OpenVocab.Clip;
using OpenVocab.Imaging;
using OpenVocab.Search;
using Spectre.Console;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab search query</c>: words and pictures in, the pictures of an index that are nearest out.</summary>
internal static class SearchQueryCommand
{
    internal static Command Create()
    {
        SearchQueryOptions options = new();
        Command command = new("query", "Finds the pictures of an index that show what you say.");
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(options, parsed), cancellation));
        return command;
    }

    private static int Run(SearchQueryOptions options, ParseResult parsed)
    {
        // Everything that can be wrong is looked at before anything slow begins.
        int top = OptionRange.Check("--top", parsed.GetValue(options.Top), 1, ImageIndex.MostHits);
        ImageLimits limits = PixelLimit.Read(options.MaxPixels, parsed);
        string place = options.Place.Read(parsed);
        IndexDescription described = ImageIndex.Describe(place);
        options.KeepApart(parsed, described.Folder);
        using ClipImageEncoder encoder = OpenModel(options, parsed, described);
        using ImageIndex index = ImageIndex.Open(place, new ClipEmbedder(encoder));
        List<Mat> pictures = [];
        try
        {
            (ImageQuery query, string words) = ReadQuery(options, parsed, pictures, limits);
            foreach (string text in TextsOf(options, parsed).Where(text => !encoder.ReadsWhole(text))) { Screen.Error.WriteLine($"notice: \"{text}\" is longer than the model reads; its end is left out."); }
            IReadOnlyList<ImageHit> hits = index.Query(query, top);
            Write(options, parsed, words, hits, index.Description, limits);
            return ExitCodes.Success;
        }
        finally { pictures.ForEach(picture => picture.Dispose()); }
    }

    private static ClipImageEncoder OpenModel(SearchQueryOptions options, ParseResult parsed, IndexDescription described)
    {
        if (parsed.GetValue(options.Clip.Model) is not null) { return options.Clip.Open(parsed); }
        // An index may come from anywhere: what it remembers is looked for on the disks of this machine only.
        if (described.Model.Path is { } path && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith(@"\\", StringComparison.Ordinal) && (Directory.Exists(path) || File.Exists(path)))
        {
            return ClipImageEncoder.Load(path, options.Clip.Read(parsed));
        }
        throw new ModelException($"The index was made with {described.Model.Name}, which is not at {described.Model.Path ?? "any known place"}.", "Name the model with --model.");
    }

    private static IEnumerable<string> TextsOf(SearchQueryOptions options, ParseResult parsed) =>
        [.. new[] { parsed.GetValue(options.Text) }.OfType<string>().Where(text => !string.IsNullOrWhiteSpace(text)), .. parsed.GetValue(options.And) ?? [], .. parsed.GetValue(options.Not) ?? []];

    private static (ImageQuery Query, string Words) ReadQuery(SearchQueryOptions options, ParseResult parsed, List<Mat> pictures, ImageLimits limits)
    {
        List<(ImageQuery Part, string Words)> wanted = [];
        if (parsed.GetValue(options.Text) is { } text && !string.IsNullOrWhiteSpace(text)) { wanted.Add((text, text)); }
        foreach (string more in parsed.GetValue(options.And) ?? []) { wanted.Add((more, more)); }
        foreach (string path in parsed.GetValue(options.Like) ?? [])
        {
            pictures.Add(ImageFile.Read(path, limits));
            wanted.Add((pictures[^1], "like " + Path.GetFileName(path)));
        }
        ImageQuery query = wanted.Skip(1).Aggregate(wanted[0].Part, (sum, next) => sum.And(next.Part));
        string[] not = parsed.GetValue(options.Not) ?? [];
        return (not.Aggregate(query, (sum, next) => sum.Not(next)), string.Join(", ", wanted.Select(part => part.Words).Concat(not.Select(words => "not " + words))));
    }

    private static void Write(SearchQueryOptions options, ParseResult parsed, string words, IReadOnlyList<ImageHit> hits, IndexDescription index, ImageLimits limits)
    {
        using LinesFile lines = new(parsed.GetValue(options.JsonLines), parsed.InvocationConfiguration.Output);
        for (int i = 0; i < hits.Count; i++)
        {
            if (lines.IsWanted) { lines.Write(HitJson.Line(i + 1, hits[i])); }
        }
        lines.Commit();
        bool quiet = parsed.GetValue(options.Quiet);
        if (!quiet) { HitTable.Print(hits, index); }
        List<string> files = [];
        if (parsed.GetValue(options.Sheet) is { } sheet)
        {
            ContactSheet.Write(sheet, words, ShownPicture.Of(hits, limits));
            files.Add(sheet);
            if (hits.Count > ContactSheet.MostPictures) { Screen.Error.WriteLine($"notice: the sheet shows the first {ContactSheet.MostPictures} pictures."); }
        }
        if (parsed.GetValue(options.Page) is { } page)
        {
            HitPage.Write(page, words, ShownPicture.Of(hits, limits), Invariant($"{hits.Count} of {index.Count} pictures in {index.Folder}, by {index.Model.Name}"));
            files.Add(page);
        }
        if (!quiet && files.Count > 0) { RunReport.PrintFiles(files); }
    }
}
