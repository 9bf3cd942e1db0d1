using System.CommandLine;
using System.Text.Json.Nodes;
using OpenVocab.Cli.Options;

namespace OpenVocab.Cli.Comparing;

/// <summary>Scores as CSV and as JSON lines; either may be unwanted.</summary>
internal sealed class ScoreLines : IDisposable
{
    private const string CsvEnding = "\r\n";

    private readonly LinesFile _csv, _json;
    private readonly string _formula;
    private readonly bool _ranked;

    /// <param name="options">Where to.</param>
    /// <param name="parsed">What was given.</param>
    /// <param name="ranked">Whether the order means something: then each line has its place.</param>
    /// <exception cref="SinkException">A folder cannot be written.</exception>
    internal ScoreLines(ScoreOptions options, ParseResult parsed, bool ranked)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        (_formula, _ranked) = (parsed.GetRequiredValue(options.Formula), ranked);
        _json = new(parsed.GetValue(options.JsonLines), output);
        _csv = new(parsed.GetValue(options.Csv), output);
        _csv.Write((ranked ? "rank," : "") + "picture,text,score,cosine,formula", CsvEnding);
    }

    internal void Write(ComparedPair pair)
    {
        if (_csv.IsWanted)
        {
            string rank = _ranked ? Invariant($"{pair.Rank},") : "";
            _csv.Write(Invariant($"{rank}{CsvText.Quote(pair.Picture)},{CsvText.Quote(pair.Text)},{Round(pair.Score)},{Round(pair.Cosine)},{_formula}"), CsvEnding);
        }
        if (!_json.IsWanted) { return; }
        JsonObject line = [];
        if (_ranked) { line["rank"] = pair.Rank; }
        line["picture"] = pair.Picture;
        line["text"] = pair.Text;
        line["score"] = Round(pair.Score);
        line["cosine"] = Round(pair.Cosine);
        line["formula"] = _formula;
        _json.Write(line.ToJsonString(ClassificationJson.Options));
    }

    internal void Commit()
    {
        _json.Commit();
        _csv.Commit();
    }

    public void Dispose()
    {
        _json.Dispose();
        _csv.Dispose();
    }

    // float32 embeddings carry six digits.
    private static decimal Round(double value) => Math.Round((decimal)value, 6);
}
