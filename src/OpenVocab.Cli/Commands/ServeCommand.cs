using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenVocab.Cli.Options;
using OpenVocab.Cli.Terminal;
using OpenVocab.Pipelines;
using OpenVocab.Prompts;
using OpenVocab.Server;
using OpenVocab.Sources;
using Spectre.Console;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab serve</c>: detection over HTTP, live streams and the page.</summary>
internal sealed class ServeCommand
{
    private const string TokenVariable = "OPENVOCAB_TOKEN";

    private readonly DetectionOptions _detection = new();
    private readonly TrackingOptions _tracking = new();
    private readonly LiveSourceOptions _live = new();

    private readonly Option<string[]> _sources = new("--source", "-s")
    {
        Description = "A video file (it loops), a camera's number, or the address of a stream (rtsp, http …); NAME=SOURCE gives it a name. Repeatable.",
        HelpName = "SOURCE",
    };

    private readonly Option<string> _host = new("--host") { Description = "Address to listen on. Any but loopback's needs a token.", DefaultValueFactory = _ => "127.0.0.1", HelpName = "ADDRESS" };

    private readonly Option<int> _port = new("--port") { Description = "Port to listen on; 0: one that is free.", DefaultValueFactory = _ => 8080, HelpName = "PORT" };

    private readonly Option<string?> _tokenFile = new("--token-file") { Description = $"File with the token that whoever asks must know. The variable {TokenVariable} does as well.", HelpName = "FILE" };

    private readonly Option<string[]> _origins = new("--allow-origin") { Description = "Pages of this origin may ask as well: https://example.org. Repeatable.", HelpName = "ORIGIN" };

    private readonly Option<string[]> _hosts = new("--allow-host") { Description = "A name beside localhost under which the server may be asked without a token. Repeatable.", HelpName = "NAME" };

    private readonly Option<string?> _remember = new("--remember") { Description = "Remembers in this file what the streams have seen, to be asked for any words later; made where there is none.", HelpName = "FILE" };

    private readonly Option<int> _rememberMost = new("--remember-most") { Description = "Things that are remembered at most; the oldest go first.", DefaultValueFactory = _ => new OpenVocabOptions().RememberMost, HelpName = "N" };

    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "Warnings and errors only." };

    internal static Command Create()
    {
        ServeCommand serve = new();
        Command command = new("serve", "Serves detection over HTTP, live streams, and a page to watch them and to change the words.");
        foreach (Option option in (Option[])[serve._sources, serve._host, serve._port, serve._tokenFile, serve._origins, serve._hosts, serve._remember, serve._rememberMost, serve._quiet]) { command.Options.Add(option); }
        serve._detection.AddTo(command);
        serve._tracking.AddTo(command);
        serve._live.AddTo(command);
        command.SetAction(serve.RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        PromptSet? prompts = _detection.ReadPrompts(parsed);
        DetectorOptions detector = _detection.ReadDetectorOptions(parsed) with { Spins = false };
        SourceOptions source = _live.Read(parsed);
        FollowSettings follow = _tracking.Read(parsed);
        IReadOnlyList<StreamDefinition> streams = StreamNames.Read(parsed.GetValue(_sources) ?? []);
        string? token = ReadToken(parsed.GetValue(_tokenFile));
        int rememberMost = OptionRange.Check("--remember-most", parsed.GetValue(_rememberMost), 1, 1_000_000);
        bool quiet = parsed.GetValue(_quiet);
        await using WebApplication app = OpenVocabServer.Create(ReadAddress(parsed.GetValue(_host)!), OptionRange.Check("--port", parsed.GetValue(_port), 0, 65535), options =>
        {
            (options.Model, options.Detector, options.Classes) = (_detection.ReadModel(parsed), detector, prompts);
            (options.Source, options.Follow, options.Token) = (source, follow, token);
            (options.Remember, options.RememberMost) = (parsed.GetValue(_remember), rememberMost);
            foreach (StreamDefinition stream in streams) { options.Streams.Add(stream); }
            foreach (string origin in parsed.GetValue(_origins) ?? []) { options.AllowedOrigins.Add(origin); }
            foreach (string host in parsed.GetValue(_hosts) ?? []) { options.AllowedHosts.Add(host); }
        }, logging => logging.SetMinimumLevel(quiet ? LogLevel.Warning : LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            // Why it cannot start is said by the command line, in a sentence; the host would print it with its stack trace.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).AddSimpleConsole(console => console.SingleLine = true));
        try { await app.StartAsync(cancellation); }
        catch (IOException fault) { throw new SinkException($"The server cannot listen: {fault.Message}", "Choose another port with --port, or end the program that has it.", fault); }
        foreach (string address in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses)
        {
            Screen.Error.WriteLine($"The page is at {address}/ (Ctrl-C ends the server).");
        }
        try { await Task.Delay(Timeout.Infinite, cancellation); }
        catch (OperationCanceledException) { }
        await app.StopAsync(CancellationToken.None);
        return ExitCodes.Success;
    }

    private static IPAddress ReadAddress(string text) =>
        text == "localhost" ? IPAddress.Loopback
        : text is "*" or "any" ? IPAddress.Any
        : IPAddress.TryParse(text.Trim('[', ']'), out IPAddress? address) ? address
        : throw new ArgumentException($"--host is \"{text}\"; it must be an address such as 127.0.0.1, 0.0.0.0 or ::1.");

    private static string? ReadToken(string? file)
    {
        if (file is null) { return Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token ? token : null; }
        try { return File.ReadAllText(file).Trim() is { Length: > 0 } token ? token : throw new ArgumentException($"{file}: the token file is empty."); }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException) { throw new ArgumentException($"{file}: the token file cannot be read: {fault.Message}", fault); }
    }
}
