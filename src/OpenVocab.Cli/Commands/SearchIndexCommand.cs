using System.CommandLine;
using OpenVocab.Cli.Options;
using OpenVocab.Cli.Terminal;
using OpenVocab.Clip;
using OpenVocab.Search;
using Spectre.Console;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab search index</c>: pictures of a folder into an index, or an index brought up to date.</summary>
internal static class SearchIndexCommand
{
    internal static Command Create()
    {
        Argument<string> folder = new("folder") { Description = "Folder of the pictures, and all folders below it." };
        IndexPlaceOptions place = new("--output", "-o");
        ClipModelOptions clip = new();
        Option<bool> flat = new("--no-recursive") { Description = "Not the folders below." };
        Option<bool> moved = new("--moved") { Description = "The folder of the index was moved to here: its pictures keep their vectors." };
        Option<long?> maxPixels = new("--max-pixels") { Description = "Allow pictures with more pixels than 50000000.", HelpName = "N" };
        Option<bool> quiet = new("--quiet", "-q") { Description = "No progress and no summary; errors only." };
        Command command = new("index", "Embeds the pictures of a folder; run again, it looks at what is new or has changed, and goes on where it was interrupted.") { folder };
        place.AddTo(command);
        clip.AddTo(command);
        foreach (Option option in (Option[])[flat, moved, maxPixels, quiet]) { command.Options.Add(option); }
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            IndexOptions options = new() { Recursive = !parsed.GetValue(flat), Moved = parsed.GetValue(moved), Limits = PixelLimit.Read(maxPixels, parsed) };
            using ClipImageEncoder encoder = clip.Open(parsed);
            using ImageIndex index = ImageIndex.OpenOrCreate(place.Read(parsed), new ClipEmbedder(encoder));
            IndexReport report = IndexLines.Watch(parsed.GetValue(quiet), progress => index.Update(parsed.GetRequiredValue(folder), options, progress, cancellation));
            IndexLines.PrintFailures(report);
            if (!parsed.GetValue(quiet)) { IndexLines.Print(report, index.Description, index.Place); }
            if (report.Interrupted) { Screen.Error.WriteLine("Interrupted: what was embedded is in the index; the same command goes on from there."); }
            return report.Interrupted ? ExitCodes.Interrupted : report.Failed.Count > 0 ? ExitCodes.SomeInputsFailed : ExitCodes.Success;
        }, CancellationToken.None));
        return command;
    }
}
