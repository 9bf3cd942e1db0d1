using System.CommandLine;
using System.Text.Json;
using OpenVocab.Bundles;
using OpenVocab.Models.Catalog;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab models list</c>: what can be pulled, and what has been.</summary>
internal static class ModelsListCommand
{
    private static readonly JsonSerializerOptions s_format = new(JsonSerializerDefaults.Web);

    internal static Command Create()
    {
        Option<bool> json = new("--json") { Description = "Write the list as JSON to standard output." };
        Command command = new("list", "Lists the models that can be fetched by name: size, licence, and whether it has been done.") { json };
        command.SetAction(parsed =>
        {
            Row[] rows = [.. ModelCatalog.ReadEmbedded().Entries.Select(Describe)];
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json)) { output.WriteLine(JsonSerializer.Serialize(rows, s_format)); }
            else { Print(rows, output); }
            return ExitCodes.Success;
        });
        return command;
    }

    private static Row Describe(CatalogEntry entry)
    {
        DownloadFolder downloads = new(new DownloadOptions().Folder);
        string bundle = Path.Combine(DownloadFolder.DefaultModels, entry.Name);
        return new(
            entry.Name, entry.Title, entry.Kind == ModelKind.Detector ? "detector" : "text-image", entry.Bytes(), entry.License, entry.TextEncoder,
            Downloaded: entry.Files.All(file => downloads.Has(new(entry, file))),
            Bundle: File.Exists(Path.Combine(bundle, ModelBundle.DescriptionFile)) ? bundle : null);
    }

    private static void Print(Row[] rows, TextWriter output)
    {
        List<string[]> lines = [["NAME", "SIZE", "LICENCE", "STATE", "WHAT IT IS"], .. rows.Select(row => (string[])
        [
            row.Name, row.Bytes is { } bytes ? ByteCount.Of(bytes) : "unknown", row.License.Name,
            row.Bundle is not null ? "pulled" : row.Downloaded ? "downloaded" : "-", row.Title + (row.TextEncoder is { } encoder ? $"; needs {encoder}" : ""),
        ])];
        int[] widths = [.. Enumerable.Range(0, lines[0].Length - 1).Select(column => lines.Max(line => line[column].Length))];
        foreach (string[] line in lines) { output.WriteLine(string.Join("  ", line.Select((cell, i) => i < widths.Length ? cell.PadRight(widths[i]) : cell))); }
    }

    private sealed record Row(string Name, string Title, string Kind, long? Bytes, ModelLicense License, string? TextEncoder, bool Downloaded, string? Bundle);
}
