using System.Diagnostics;
using OpenVocab.Prompts;

namespace OpenVocab.Cli.Live;

/// <summary>Changes the words of a running detector, from wherever they come: the window, standard input.</summary>
internal sealed class LiveWords(Detector detector, Action<string> say)
{
    /// <summary>Puts words in force from the next frame on.</summary>
    /// <returns>What came of it, in one line; the old words stay where the new ones cannot be used.</returns>
    internal string Change(string words)
    {
        string answer;
        try
        {
            PromptSet prompts = PromptSet.Parse(words);
            long start = Stopwatch.GetTimestamp();
            Vocabulary vocabulary = detector.SetClasses(prompts);
            string unknown = vocabulary.UnknownWords.Count == 0 ? "" : $"; the text encoder has never seen {string.Join(", ", vocabulary.UnknownWords)}";
            answer = Invariant($"Looking for {PromptLine.Join(vocabulary.Classes)}, in force after {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.0} ms{unknown}.");
        }
        catch (PromptException fault) { answer = $"error: {fault.Message} {fault.Remedy}"; }
        say(answer);
        return answer;
    }
}
