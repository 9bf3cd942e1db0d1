using OpenCvSharp;
using OpenVocab.Prompts;

namespace OpenVocab.Pipelines;

/// <summary>
/// Lets several pipelines share one detector: frames that are ready while the network is busy go through it together (<see cref="Detector.BatchSize"/>), as soon as it is
/// free, oldest first. Nobody waits for a batch to fill, so a single pipeline is as fast as without it.
/// </summary>
/// <remarks>Safe for any number of threads. Does not own the detector.</remarks>
public sealed class BatchingDetector
{
    private readonly Lock _gate = new();
    private readonly List<Request> _waiting = [];
    private bool _busy;

    /// <summary>Makes one.</summary>
    /// <param name="detector">Disposed by its owner, after all pipelines have ended.</param>
    public BatchingDetector(Detector detector)
    {
        ArgumentNullException.ThrowIfNull(detector);
        Detector = detector;
    }

    /// <summary>The detector that is shared; its classes are the classes of all pipelines.</summary>
    public Detector Detector { get; }

    /// <summary>Largest batch so far.</summary>
    public int LargestBatch { get; private set; }

    internal void Detect(Mat picture, Vocabulary vocabulary, FrameResult result, bool withWeak)
    {
        Request mine = new(picture, vocabulary, result, withWeak);
        bool lead;
        lock (_gate)
        {
            _waiting.Add(mine);
            lead = !_busy;
            _busy = true;
        }
        // Woken either with a result, or to run the next batch, which its own picture is part of.
        if (!lead && !mine.MustLead.Task.GetAwaiter().GetResult()) { return; }
        List<Request> batch = Take();
        try
        {
            Detector.Detect([.. batch.Select(request => request.Picture)], vocabulary, [.. batch.Select(request => request.Result)], withWeak);
        }
        catch (Exception fault)
        {
            foreach (Request request in batch.Skip(1)) { request.MustLead.SetException(fault); }
            batch.Clear();
            throw;
        }
        finally { PassOn(); }
        foreach (Request request in batch.Skip(1)) { request.MustLead.SetResult(false); }
    }

    // The oldest, and all that are looked at for the same words.
    private List<Request> Take()
    {
        lock (_gate)
        {
            Request first = _waiting[0];
            List<Request> batch = [.. _waiting.Where(request => ReferenceEquals(request.Vocabulary, first.Vocabulary) && request.WithWeak == first.WithWeak).Take(Detector.BatchSize)];
            foreach (Request request in batch) { _waiting.Remove(request); }
            LargestBatch = Math.Max(LargestBatch, batch.Count);
            return batch;
        }
    }

    private void PassOn()
    {
        Request? next;
        lock (_gate)
        {
            next = _waiting.FirstOrDefault();
            _busy = next is not null;
        }
        next?.MustLead.SetResult(true);
    }

    private sealed record Request(Mat Picture, Vocabulary Vocabulary, FrameResult Result, bool WithWeak)
    {
        internal TaskCompletionSource<bool> MustLead { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
