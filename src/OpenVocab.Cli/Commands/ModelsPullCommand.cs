using System.CommandLine;
using OpenVocab.Cli.Terminal;
using OpenVocab.Models;
using OpenVocab.Models.Catalog;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab models pull NAME</c>: fetches a known model with its text encoder, and makes a bundle of them.</summary>
internal sealed class ModelsPullCommand
{
    private readonly PullSeams _seams;

    private readonly Argument<string> _name = new("name") { Description = "As openvocab models list shows it: yolov8s-worldv2.", HelpName = "NAME" };

    private readonly Option<string?> _output = new("--output", "-o") { Description = "Folder for the bundle. Default: models/NAME in the cache folder ($OPENVOCAB_CACHE, else the user's).", HelpName = "DIR" };

    private readonly Option<bool> _accept = new("--accept-license") { Description = "You have read the licences that are shown, and accept them." };

    private readonly Option<string?> _mirror = new("--mirror")
    {
        Description = "Ask this server instead of the publishers: files are at URL/NAME/FILE, for example URL/clip-vit-b-32/vocab.json. Hashes are compared all the same.",
        HelpName = "URL",
    };

    private readonly Option<bool> _offline = new("--offline") { Description = "Open no connection: use the files that are there, or say which one to copy from where." };

    private readonly Option<bool> _half = new("--half") { Description = "Keep the weights in 16 bits: half the size." };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "No progress; licences, notices and errors only." };

    private ModelsPullCommand(PullSeams seams) => _seams = seams;

    internal static Command Create(PullSeams? seams = null)
    {
        ModelsPullCommand pull = new(seams ?? new());
        Command command = new("pull", "Fetches a known model with its text encoder, checks the files, and makes a bundle for --model of them.") { pull._name };
        foreach (Option option in (Option[])[pull._output, pull._accept, pull._mirror, pull._offline, pull._half, pull._quiet]) { command.Options.Add(option); }
        // Shells complete the names.
        pull._name.CompletionSources.Add(_ => pull._seams.ReadCatalog().Entries.Select(entry => new System.CommandLine.Completions.CompletionItem(entry.Name)));
        command.SetAction(pull.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        TextWriter error = parsed.InvocationConfiguration.Error;
        ModelCatalog catalog = _seams.ReadCatalog();
        CatalogEntry entry = catalog.Find(parsed.GetRequiredValue(_name));
        string output = Path.GetFullPath(parsed.GetValue(_output) ?? Path.Combine(_seams.Models, entry.Name));
        DownloadOptions options = _seams.Download with { Mirror = ReadMirror(parsed.GetValue(_mirror)), Offline = parsed.GetValue(_offline) };
        using Downloader downloader = new(options);
        BundleWriter.Check(output);
        IReadOnlyList<WantedFile> wanted = catalog.FilesFor(entry);

        await LicenseQuestion.AskAsync([.. wanted.Select(file => file.Entry).Distinct()], parsed.GetValue(_accept), error, _seams.ReadAnswer, cancellation);
        IReadOnlyList<DownloadedFile> files = await PullProgress.WatchAsync(parsed.GetValue(_quiet), error, progress => downloader.GetAsync(wanted, progress, cancellation));
        ImportedModel made = _seams.Assemble(entry, files[0].Path, FolderOfOthers(entry, files), output, parsed.GetValue(_half));
        foreach (string note in made.Notes) { await error.WriteLineAsync($"note: {note}"); }
        if (!parsed.GetValue(_quiet)) { await error.WriteLineAsync($"{entry.Name} is ready: give it to other commands with --model {(parsed.GetValue(_output) is null ? entry.Name : $"\"{output}\"")}."); }
        await parsed.InvocationConfiguration.Output.WriteLineAsync(output);
        return ExitCodes.Success;
    }

    private static Uri? ReadMirror(string? text) =>
        text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out Uri? mirror) ? mirror
        : throw new ArgumentException($"--mirror is \"{text.Split('?')[0]}\"; it must be an address such as https://mirror.example.org/weights. Files are asked for as URL/NAME/FILE.");

    /// <summary>Where the files lie that the entry has from another: its text encoder's, or a tokenizer's.</summary>
    private static string? FolderOfOthers(CatalogEntry entry, IReadOnlyList<DownloadedFile> files) =>
        files.FirstOrDefault(file => file.Wanted.Entry != entry) is { } other ? Path.GetDirectoryName(other.Path) : null;
}
