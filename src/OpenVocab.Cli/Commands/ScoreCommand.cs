using System.CommandLine;
using OpenVocab.Clip;
using OpenVocab.Cli.Comparing;
using OpenVocab.Cli.Options;
using OpenVocab.Cli.Terminal;
using OpenVocab.Sources;
using Spectre.Console;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab score</c>: how well a text describes a picture (CLIPScore), for one pair, many, or several pictures of one text.</summary>
internal static class ScoreCommand
{
    internal static Command Create()
    {
        ScoreOptions options = new();
        Command command = new("score", "Says how well a text describes a picture (CLIPScore): one pair, a file of pairs, or several pictures of one text, best first.");
        options.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(options, parsed, cancellation), cancellation));
        return command;
    }

    private static int Run(ScoreOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        string[] arguments = parsed.GetValue(options.Arguments) ?? [];
        string? pairs = parsed.GetValue(options.Pairs), text = parsed.GetValue(options.Text);
        IReadOnlyList<PicturePair> read = pairs is null ? [] : PairsFile.Read(pairs);
        using ClipImageEncoder encoder = options.Clip.Open(parsed);
        ClipScorer scorer = new(encoder, options.ReadFormula(parsed));
        PictureEmbedder embedder = new(encoder, options.Clip.Read(parsed).BatchSize, cancellation);
        List<SourceReference> pictures = pairs is null ? embedder.Find(text is null ? arguments[..1] : arguments) : SourcesOf(read, pairs);
        SourceReference[] inputs = pairs is null ? [.. pictures] : [.. pictures, new(SourceKind.Picture, pairs)];
        OutputPlaces.KeepApart(parsed.GetValue(options.JsonLines), inputs);
        OutputPlaces.KeepApart(parsed.GetValue(options.Csv), inputs, "scores", "--csv");
        if (pictures.Count == 0) { return embedder.ExitCode; }

        bool ranked = text is not null;
        using ScoreLines lines = new(options, parsed, ranked);
        IReadOnlyList<ComparedPair> compared = pairs is not null ? ComparePairs(scorer, embedder, read, pictures, pairs)
            : ranked ? Rank(scorer, embedder, pictures, text!)
            : ComparePairs(scorer, embedder, [.. pictures.Select(picture => new PicturePair(picture.Name, arguments[1]))], pictures, null);
        foreach (ComparedPair pair in compared) { lines.Write(pair); }
        lines.Commit();
        if (!parsed.GetValue(options.Quiet)) { Print(scorer.Formula, compared, ranked); }
        return embedder.ExitCode;
    }

    private static IReadOnlyList<ComparedPair> Rank(ClipScorer scorer, PictureEmbedder embedder, IEnumerable<SourceReference> pictures, string text)
    {
        NoteCut(scorer, [text]);
        EmbeddedPicture[] embedded = [.. embedder.Embed(pictures)];
        return [.. scorer.Rank([.. embedded.Select(picture => picture.Embedding)], text).Select((score, i) => new ComparedPair(i + 1, embedded[score.Index].Name, text, score.Score, score.Cosine))];
    }

    // Each picture and each text is embedded once, however many pairs it is in.
    private static List<ComparedPair> ComparePairs(ClipScorer scorer, PictureEmbedder embedder, IReadOnlyList<PicturePair> pairs, IEnumerable<SourceReference> pictures, string? file)
    {
        string[] texts = [.. pairs.Select(pair => pair.Text).Distinct(StringComparer.Ordinal)];
        NoteCut(scorer, texts);
        Dictionary<string, float[]> ofText = new(texts.Zip(scorer.EncodeCaptions(texts), KeyValuePair.Create), StringComparer.Ordinal);
        Dictionary<string, float[]> ofPicture = embedder.Embed(pictures).ToDictionary(picture => picture.Name, picture => picture.Embedding, StringComparer.Ordinal);
        List<ComparedPair> compared = [];
        foreach (PicturePair pair in pairs)
        {
            // Pictures that could not be read were named before.
            if (!ofPicture.TryGetValue(PathOf(pair, file), out float[]? picture)) { continue; }
            double cosine = ClipScorer.Cosine(picture, ofText[pair.Text]);
            compared.Add(new(0, pair.Picture, pair.Text, ClipScore.Of(scorer.Formula, cosine), cosine));
        }
        return compared;
    }

    private static List<SourceReference> SourcesOf(IEnumerable<PicturePair> pairs, string file) =>
        [.. pairs.Select(pair => PathOf(pair, file)).Distinct(StringComparer.Ordinal).Select(path => new SourceReference(SourceKind.Picture, path))];

    private static string PathOf(PicturePair pair, string? file) => file is null ? pair.Picture : Path.Combine(Path.GetDirectoryName(file) ?? "", pair.Picture);

    private static void NoteCut(ClipScorer scorer, string[] texts)
    {
        string[] cut = [.. texts.Where(text => !scorer.ReadsWhole(text))];
        if (cut.Length > 0) { Screen.Error.WriteLine(Invariant($"notice: {cut.Length} of {texts.Length} texts have more tokens than the text encoder takes, and are cut, as the reference does; the first is \"{(cut[0].Length > 60 ? cut[0][..60] + "…" : cut[0])}\".")); }
    }

    private static void Print(ClipScoreFormula formula, IReadOnlyList<ComparedPair> compared, bool ranked)
    {
        if (compared.Count == 0) { return; }
        ComparisonTable.Print(compared, ranked);
        if (ranked || compared.Count == 1) { return; }
        string rule = formula == ClipScoreFormula.Paper ? "the mean of the scores" : "100 times the mean of the cosines, and not below 0";
        Screen.Error.WriteLine(Invariant($"{compared.Count} pairs: {ClipScore.OfAll(formula, [.. compared.Select(pair => pair.Cosine)]):0.0000} ({rule})."));
    }
}
