using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using OpenVocab.Pipelines;
using OpenVocab.Server;
using OpenVocab.Sinks;
using OpenVocab.Sources;
using OpenVocab.TestKit;

namespace OpenVocab.Soak;

/// <summary>One long run: a server with a camera that stalls, closes, changes its size and comes back, and a pipeline of one's own beside it.</summary>
internal sealed class SoakRun(TimeSpan length, string csv, bool leak)
{
    private const double MostGrowth = 32;
    private const int MostNatives = 50, MostForgotten = 5;

    /// <summary>Caches, pools and the heap find their size in this time.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(60);

    private static readonly StreamFault[] s_faults = [StreamFault.None, StreamFault.HalfThenStall, StreamFault.HalfThenClose, StreamFault.ChangesSize, StreamFault.SlowButAlive, StreamFault.NeverAnswers, StreamFault.NotFound];

    private readonly List<ProcessNumbers> _settled = [];
    private readonly List<string> _faults = [];

    internal async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancellation)
    {
        using TemporaryFolder folder = new();
        byte[] stream = await MakeStreamAsync(folder["a.ts"], "1280:720"), other = await MakeStreamAsync(folder["b.ts"], "640:360");
        // Enough faults for days; they come again and again.
        await using FaultyStreamServer camera = new(stream, other, [.. Enumerable.Range(0, 100_000).Select(i => s_faults[i % s_faults.Length])]);
        SourceOptions sources = new() { Live = new() { FrameTimeout = TimeSpan.FromSeconds(2), Backoff = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)] } };
        PipelineReport report;
        JsonElement stopped;
        SoakLoad load;
        await using (WebApplication app = OpenVocabServer.Create(IPAddress.Loopback, 0, options =>
        {
            options.Streams.Add(new("camera", camera.Address));
            options.Streams.Add(new("file", RepositoryFiles.Get("samples", "media", "pedestrians.mp4")));
            (options.Detector, options.Source, options.Follow) = (new() { ImageSize = new(320) }, sources, new() { Track = new() });
        }, logging => logging.SetMinimumLevel(LogLevel.None)))
        {
            await app.StartAsync(cancellation);
            Uri address = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            load = new(address);
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            using LeakSink leaking = new(leak);
            Task<PipelineReport> own = Pipeline.From(camera.Address).Detect(app.Services.GetRequiredService<BatchingDetector>()).Track()
                .To(new JsonLinesSink(Stream.Null), leaking).With(new() { Source = sources }).RunAsync(cancellationToken: stop.Token);
            Task working = load.RunAsync(stop.Token);
            await WatchAsync(load, camera, stop.Token);
            await stop.CancelAsync();
            await working;
            report = await own;
            using HttpClient client = new() { BaseAddress = address };
            await client.DeleteAsync("/v1/streams/camera", CancellationToken.None);
            stopped = await client.GetFromJsonAsync<JsonElement>("/v1/streams/camera", CancellationToken.None);
            await app.StopAsync(CancellationToken.None);
        }
        Judge(report, stopped, load);
        return _faults;
    }

    private async Task WatchAsync(SoakLoad load, FaultyStreamServer camera, CancellationToken stop)
    {
        using ForgottenNatives forgotten = new();
        await using StreamWriter lines = new(csv);
        lines.AutoFlush = true;
        await lines.WriteLineAsync("seconds,rss_mb,managed_mb,natives,forgotten,threads,handles,children,connections,word_changes,http_ok,http_429,http_failed");
        Stopwatch watch = Stopwatch.StartNew();
        while (watch.Elapsed < length && _faults.Count == 0)
        {
            try { await Task.Delay(1000, stop); }
            catch (OperationCanceledException) { break; }
            ProcessNumbers now = ProcessNumbers.Read();
            await lines.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{watch.Elapsed.TotalSeconds:0},{now.ResidentMegabytes:0.0},{now.ManagedMegabytes:0.0},{now.Natives},{forgotten.Count},{now.Threads},{now.Handles},{now.Children},{camera.Connections},{load.Changes},{load.Ok},{load.Refused},{load.Failed}"));
            if (forgotten.Count > MostForgotten) { _faults.Add($"after {watch.Elapsed.TotalSeconds:0} s, native objects that nobody disposed: {forgotten}"); }
            if (watch.Elapsed < s_warmUp) { continue; }
            _settled.Add(now);
            if (now.Natives > _settled[0].Natives + MostNatives) { _faults.Add($"{now.Natives} native objects are alive; after the warm-up there were {_settled[0].Natives}"); }
            if (Growth(_settled) > MostGrowth)
            {
                _faults.Add(string.Create(CultureInfo.InvariantCulture, $"after {watch.Elapsed.TotalSeconds:0} s the process has grown by {Growth(_settled):0} MB since its warm-up; at most {MostGrowth} MB are allowed"));
            }
        }
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{watch.Elapsed.TotalSeconds:0} s: memory {_settled.FirstOrDefault()?.ResidentMegabytes:0} -> {_settled.LastOrDefault()?.ResidentMegabytes:0} MB, most {_settled.Select(found => found.ResidentMegabytes).DefaultIfEmpty().Max():0} MB; threads {_settled.FirstOrDefault()?.Threads} -> {_settled.LastOrDefault()?.Threads}; handles {_settled.FirstOrDefault()?.Handles} -> {_settled.LastOrDefault()?.Handles}; {camera.Connections} connections, {load.Changes} changes of words, {load.Ok} pictures, {load.Refused} refused, {load.Failed} failed"));
    }

    private void Judge(PipelineReport report, JsonElement stopped, SoakLoad load)
    {
        SourceReport source = report.Sources[0];
        Check($"the pipeline's camera: {source.Read} read = {source.Frames} emitted + {source.Dropped} dropped + {source.Failed} failed", source.Read == source.Frames + source.Dropped + source.Failed && source.Frames > 0);
        JsonElement frames = stopped.GetProperty("frames");
        long Number(string name) => frames.GetProperty(name).GetInt64();
        Check($"the server's camera: {Number("read")} read = {Number("emitted")} emitted + {Number("dropped")} dropped + {Number("failed")} failed", Number("read") == Number("emitted") + Number("dropped") + Number("failed") && Number("emitted") > 0);
        int children = ProcessNumbers.CountChildren();
        Check($"{children} child processes are left", children == 0);
        Check($"{load.Failed} requests failed", load.Failed == 0);
        Check($"threads {_settled.FirstOrDefault()?.Threads} -> {_settled.LastOrDefault()?.Threads}", _settled.Count < 60 || _settled[^1].Threads <= _settled[0].Threads + 20);
        Check($"handles {_settled.FirstOrDefault()?.Handles} -> {_settled.LastOrDefault()?.Handles}", _settled.Count < 60 || _settled[^1].Handles <= _settled[0].Handles + 60);
    }

    private void Check(string what, bool holds)
    {
        Console.Error.WriteLine($"{(holds ? "ok    " : "FAILED")} {what}");
        if (!holds) { _faults.Add(what); }
    }

    // The least of the last seconds against the least of the first: peaks come and go, what stays is a leak.
    private static double Growth(List<ProcessNumbers> settled) =>
        settled.Count < 6 ? 0 : settled[^5..].Min(found => found.ResidentMegabytes) - settled.Take(5).Min(found => found.ResidentMegabytes);

    private static async Task<byte[]> MakeStreamAsync(string path, string size) => await File.ReadAllBytesAsync(TestVideos.Make(
        path, ["-i", RepositoryFiles.Get("samples", "media", "pedestrians.mp4")], "-vf", $"scale={size}", "-c:v", "libx264", "-preset", "veryfast", "-g", "10", "-bf", "0", "-pix_fmt", "yuv420p", "-t", "8"));

    /// <summary>Forgets a Mat per frame where it is told to: what a sink does that clones and does not dispose.</summary>
    private sealed class LeakSink(bool leak) : IResultSink
    {
        public void BeginSource(SourceInfo source) { }

        public void Write(Frame frame, FrameResult result)
        {
            if (!leak) { return; }
            OpenCvSharp.Mat forgotten = frame.Pixels.Clone();
            GC.KeepAlive(forgotten);
        }

        public void EndSource(SourceReport report) { }

        public void Complete() { }

        public void Dispose() { }
    }
}
