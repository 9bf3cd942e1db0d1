using Microsoft.Extensions.Hosting;
using OpenVocab.Pipelines;
using OpenVocab.Prompts;
using OpenVocab.Search;

namespace OpenVocab.Server.Streams;

/// <summary>All configured streams; starts them with the server, after one detection that warms the model up, and stops them with it.</summary>
internal sealed partial class StreamHub : IHostedService, IAsyncDisposable
{
    private readonly Dictionary<string, LiveStream> _streams;
    private readonly BatchingDetector _detector;
    private readonly ILogger<StreamHub> _logger;

    /// <exception cref="OpenVocab.SourceException">A configured source names nothing.</exception>
    /// <exception cref="OpenVocab.IndexException">What the streams have seen cannot be remembered in the file that is named.</exception>
    /// <exception cref="OpenVocab.ModelException">It is to be remembered, and the model gives no regions.</exception>
    public StreamHub(OpenVocabOptions options, BatchingDetector detector, ILogger<StreamHub> logger)
    {
        (_detector, _logger) = (detector, logger);
        Memory = options.Remember is { } path ? StreamMemory.Open(path, detector.Detector, options.RememberMost, options.Source.Clock, LogForgets) : null;
        try { _streams = options.Streams.Select(definition => new LiveStream(definition, detector, options, Memory, logger)).ToDictionary(stream => stream.Id, StringComparer.Ordinal); }
        catch
        {
            Memory?.Dispose();
            throw;
        }
    }

    /// <summary>What the streams have seen; null where the server does not remember it.</summary>
    internal StreamMemory? Memory { get; }

    /// <summary>In the order of their names.</summary>
    internal IEnumerable<LiveStream> Streams => _streams.Values.OrderBy(stream => stream.Id, StringComparer.Ordinal);

    /// <summary>True after the first detection.</summary>
    internal bool IsReady { get; private set; }

    internal LiveStream? Find(string id) => _streams.GetValueOrDefault(id);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Task.Run(WarmUp, cancellationToken).ConfigureAwait(false);
        foreach (LiveStream stream in Streams) { await stream.StartAsync().ConfigureAwait(false); }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        IsReady = false;
        return Task.WhenAll(Streams.Select(stream => stream.StopAsync()));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (LiveStream stream in _streams.Values) { await stream.DisposeAsync().ConfigureAwait(false); }
        Memory?.Dispose();
    }

    private void WarmUp()
    {
        using OpenCvSharp.Mat grey = new(_detector.Detector.InputSize.Height, _detector.Detector.InputSize.Width, OpenCvSharp.MatType.CV_8UC3, OpenCvSharp.Scalar.All(114));
        FrameResult result = _detector.Detector.Detect(grey);
        IsReady = true;
        string words = Words(result.Vocabulary);
        LogReady(_detector.Detector.Bundle.Name, _detector.Detector.Device, result.Timings.Inference.TotalMilliseconds, words);
    }

    private static string Words(Vocabulary vocabulary) => string.Join(", ", vocabulary.Classes.Take(12).Select(prompt => prompt.Name)) + (vocabulary.Classes.Count > 12 ? $" and {vocabulary.Classes.Count - 12} more" : "");

    [LoggerMessage(Level = LogLevel.Error, Message = "What the streams see is not remembered any more")]
    private partial void LogForgets(Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Model} is ready on {Device} ({Milliseconds:0.0} ms for a first picture); looking for {Words}")]
    private partial void LogReady(string model, Inference.ExecutionDevice device, double milliseconds, string words);
}
