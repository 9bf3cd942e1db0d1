using System.Text.Json;
using OpenVocab.Evaluation;
using OpenVocab.Prompts;

namespace OpenVocab.Cli.Evaluating;

/// <summary>How well one phrase finds its class, asked for alone among the phrases.</summary>
/// <param name="Class">The class of the data.</param>
/// <param name="Phrase">What the model was asked for.</param>
/// <param name="Found">Compared with the labels of the class.</param>
/// <param name="IsBest">True for the phrase of the class with the highest AP.</param>
internal sealed record PhraseAudit(string Class, string Phrase, ClassEvaluation Found, bool IsBest);

/// <summary>What was found for a word that is not in the pictures.</summary>
internal sealed record AbsentAudit(string Word, int Boxes, double HighestScore);

/// <summary>Open vocabulary has its own mistakes: boxes for what is not there, and words that find worse than others. This measures both.</summary>
/// <param name="Phrases">Phrases of classes that have several; empty where none has.</param>
/// <param name="Absent">Most boxes first.</param>
/// <param name="Pictures">How many pictures were looked at.</param>
/// <param name="Threshold">The score that an absent word's box must exceed: the model's own.</param>
internal sealed record PromptsAudit(IReadOnlyList<PhraseAudit> Phrases, IReadOnlyList<AbsentAudit> Absent, int Pictures, double Threshold)
{
    private static readonly Lazy<string[]> s_absentWords = new(() =>
    {
        using StreamReader reader = new(typeof(PromptsAudit).Assembly.GetManifestResourceStream("AbsentWords.txt")!);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    });

    /// <summary>A hundred things that are hardly in anybody's pictures, and no kinds of COCO's.</summary>
    internal static IReadOnlyList<string> AbsentWords => s_absentWords.Value;

    internal int AbsentBoxes => Absent.Sum(word => word.Boxes);

    internal double AbsentBoxesPerPicture => Pictures > 0 ? (double)AbsentBoxes / Pictures : 0;

    /// <summary>Looks at the pictures once for the phrases, where classes have several, and once for the absent words.</summary>
    /// <param name="pictures">The run over the data set, which has been measured.</param>
    /// <param name="prompts">What the classes were asked for.</param>
    /// <param name="absent">Words that are not in the pictures; those that the prompts name are passed over.</param>
    /// <param name="threshold">The score that an absent word's box must exceed.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Null if the run was interrupted.</returns>
    internal static async Task<PromptsAudit?> RunAsync(LabelledPictures pictures, PromptSet prompts, IReadOnlyList<string> absent, float threshold, CancellationToken cancellation)
    {
        (int Class, string Phrase)[] phrases = [.. prompts.Classes.Index().Where(each => each.Item.Prompts.Count > 1).SelectMany(each => each.Item.Prompts.Select(phrase => (each.Index, phrase)))];
        IReadOnlyList<PhraseAudit> words = [];
        if (phrases.Length > 0)
        {
            LabelledDataset asked = WithPhrases(pictures.Dataset, phrases);
            if (await pictures.DetectAsync(asked, new(phrases.Select(each => new ClassPrompt(each.Phrase)), prompts.Background, prompts.Templates), cancellation) is not { } found) { return null; }
            words = Compare(pictures.Dataset, phrases, CocoEvaluator.Evaluate(asked, found));
        }
        HashSet<string> named = new(prompts.Classes.SelectMany(each => each.Prompts.Append(each.Name)), StringComparer.OrdinalIgnoreCase);
        string[] missing = [.. absent.Where(word => !named.Contains(word))];
        if (missing.Length == 0) { throw new PromptException("All absent words are prompts of classes of the data: nothing is left to look for.", "Give other words: --absent FILE."); }
        LabelledDataset without = pictures.Dataset with { Classes = [.. missing.Select(word => new DatasetClass(word))], Labels = [] };
        PromptSet set = new(missing.Select(word => new ClassPrompt(word) { Threshold = threshold }), null, prompts.Templates);
        if (await pictures.DetectAsync(without, set, cancellation) is not { } falseBoxes) { return null; }
        ILookup<int, double> scores = falseBoxes.ToLookup(box => box.Class, box => box.Score);
        return new(
            words, [.. missing.Select((word, i) => new AbsentAudit(word, scores[i].Count(), scores[i].DefaultIfEmpty(0).Max())).OrderByDescending(each => each.Boxes).ThenByDescending(each => each.HighestScore)],
            pictures.Seen, threshold);
    }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject("promptsAudit");
        json.WriteStartObject("absent");
        json.WriteNumber("words", Absent.Count);
        json.WriteNumber("threshold", Threshold);
        json.WriteNumber("pictures", Pictures);
        json.WriteNumber("boxes", AbsentBoxes);
        json.WriteNumber("boxesPerPicture", AbsentBoxesPerPicture);
        json.WriteStartArray("perWord");
        foreach (AbsentAudit word in Absent)
        {
            json.WriteStartObject();
            json.WriteString("word", word.Word);
            json.WriteNumber("boxes", word.Boxes);
            json.WriteNumber("highestScore", word.HighestScore);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("phrases");
        foreach (PhraseAudit phrase in Phrases)
        {
            json.WriteStartObject();
            json.WriteString("class", phrase.Class);
            json.WriteString("phrase", phrase.Phrase);
            json.WriteNumber("boxes", phrase.Found.Boxes);
            json.WriteNumber("AP", phrase.Found.Accuracy.AP);
            json.WriteNumber("AP50", phrase.Found.Accuracy.AP50);
            json.WriteBoolean("best", phrase.IsBest);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Each phrase is a class of its own, with the labels of the class that it stands for.
    private static LabelledDataset WithPhrases(LabelledDataset dataset, (int Class, string Phrase)[] phrases)
    {
        ILookup<int, int> phrasesOf = phrases.Index().ToLookup(each => each.Item.Class, each => each.Index);
        return dataset with
        {
            Classes = [.. phrases.Select(each => new DatasetClass(each.Phrase))],
            Labels = [.. dataset.Labels.SelectMany(label => phrasesOf[label.Class].Select(phrase => label with { Class = phrase }))],
        };
    }

    private static PhraseAudit[] Compare(LabelledDataset dataset, (int Class, string Phrase)[] phrases, EvaluationReport report)
    {
        double[] best = [.. dataset.Classes.Select(_ => Accuracy.Nothing)];
        for (int i = 0; i < phrases.Length; i++) { best[phrases[i].Class] = Math.Max(best[phrases[i].Class], report.Classes[i].Accuracy.AP); }
        return [.. phrases.Select((each, i) => new PhraseAudit(dataset.Classes[each.Class].Name, each.Phrase, report.Classes[i], best[each.Class] > 0 && report.Classes[i].Accuracy.AP == best[each.Class]))];
    }
}
