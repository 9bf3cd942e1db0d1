using System.CommandLine;
using OpenVocab.Cli.Terminal;
using OpenVocab.Search;
using OpenVocab.Sinks;

namespace OpenVocab.Cli.Options;

/// <summary>The options of <c>openvocab search query</c>.</summary>
internal sealed class SearchQueryOptions
{
    internal Argument<string?> Text { get; } = new("text") { Description = "What the pictures should show, as one would describe one: \"a dog on a beach\".", Arity = ArgumentArity.ZeroOrOne };

    internal IndexPlaceOptions Place { get; } = new("--index", "-i");

    internal ClipModelOptions Clip { get; } = new() { Model = { Description = "The CLIP that the index was made with: a bundle's folder, or the name of a pulled model. Default: what the index remembers." } };

    internal Option<int> Top { get; } = new("--top", "-k") { Description = $"The most pictures, 1 to {ImageIndex.MostHits}.", DefaultValueFactory = _ => 20, HelpName = "N" };

    internal Option<string[]> Like { get; } = new("--like") { Description = "Also like this picture; may be given several times.", HelpName = "PICTURE" };

    internal Option<string[]> And { get; } = new("--and") { Description = "Also what these words say; may be given several times.", HelpName = "TEXT" };

    internal Option<string[]> Not { get; } = new("--not") { Description = "But not what these words say; may be given several times. Counts half.", HelpName = "TEXT" };

    internal Option<string?> Sheet { get; } = new("--sheet") { Description = "Write the pictures as one picture (.jpg, .png …).", HelpName = "FILE" };

    internal Option<string?> Page { get; } = new("--html") { Description = "Write the pictures as a web page in one file.", HelpName = "FILE" };

    internal Option<string?> JsonLines { get; } = new("--jsonl") { Description = "Write a JSON object a picture; - for standard output.", HelpName = "FILE" };

    internal Option<long?> MaxPixels { get; } = new("--max-pixels") { Description = "Allow pictures with more pixels than 50000000.", HelpName = "N" };

    internal Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "No table; errors only." };

    internal void AddTo(Command command)
    {
        command.Arguments.Add(Text);
        Place.AddTo(command);
        foreach (Option option in (Option[])[Top, Like, And, Not, Sheet, Page, JsonLines]) { command.Options.Add(option); }
        Clip.AddTo(command);
        foreach (Option option in (Option[])[MaxPixels, Quiet]) { command.Options.Add(option); }
        command.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValue(Text)) && result.GetResult(Like) is null && result.GetResult(And) is null) { result.AddError("Say what to look for: words, or --like PICTURE."); }
        });
    }

    /// <summary>Refuses to write over what is looked at.</summary>
    /// <exception cref="SinkException">An output is a picture of the index's folder, or one that was given.</exception>
    internal void KeepApart(ParseResult parsed, string? folder)
    {
        string[] given = [.. (parsed.GetValue(Like) ?? []).Select(FileIdentity.Of).OfType<string>()];
        foreach (Option<string?> option in (Option<string?>[])[Sheet, Page, JsonLines])
        {
            if (parsed.GetValue(option) is not { } path || path == "-" || FileIdentity.Of(path) is not { } identity) { continue; }
            bool inside = folder is not null && Path.GetFullPath(path).StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) && PictureWriter.Extensions.Contains(Path.GetExtension(path).ToLowerInvariant());
            if (inside || given.Contains(identity)) { throw new SinkException($"{path}: this would be written over a picture that is looked at.", $"Choose another path with {option.Name}."); }
        }
    }
}
