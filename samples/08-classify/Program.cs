using OpenVocab.Clip;
using OpenVocab.Prompts;

// The bundle of a CLIP: openvocab models pull clip-vit-b-32, or openvocab models import … -o clip.
using var clip = ClipImageEncoder.Load(args[0]);
string[] pictures = args[1..];
float[][] embeddings = [.. pictures.Select(clip.Encode)];

// Which of some labels does a picture show? The sentences around a label are averaged.
PromptSet labels = new([new("dog"), new("cat"), new("red car")], templates: ["a photo of a {}", "a blurred photo of a {}"]);
ZeroShotClassifier classifier = new(clip, labels);
foreach ((string picture, float[] embedding) in pictures.Zip(embeddings))
{
    LabelProbability best = classifier.Classify(embedding).MaxBy(label => label.Probability);
    Console.WriteLine($"{Path.GetFileName(picture)}: {best.Label} {best.Probability:P0}");
}

// Which picture fits a caption best, and how well? CLIPScore, by the formula of the paper.
const string Caption = "two dogs on a meadow";
ClipScorer scorer = new(clip, ClipScoreFormula.Paper);
foreach (PictureScore score in scorer.Rank(embeddings, Caption))
{
    Console.WriteLine($"{Path.GetFileName(pictures[score.Index])}: {score.Score:0.000} for \"{Caption}\"");
}
