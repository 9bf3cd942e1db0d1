using Microsoft.ML.OnnxRuntime;
using OpenVocab.Imaging;

namespace OpenVocab.Inference;

/// <summary>An open detector network. Safe for any number of threads; each run needs an <see cref="InferenceSlot"/> of its own.</summary>
/// <remarks>
/// A session that is used after its disposal ends the process with a segmentation fault, so slots are leases: the session lives until the
/// model is disposed and the last slot has come back.
/// </remarks>
internal sealed class DetectorModel : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Stack<InferenceSlot> _idle = new();
    private int _rented;
    private bool _disposed;

    /// <summary>Opens the network.</summary>
    /// <param name="path">ONNX file.</param>
    /// <param name="settings">Where and how to run.</param>
    /// <param name="keepsContract">True: the outputs are as ARCHITECTURE.md says; false: a trial run may have to tell what they are.</param>
    /// <param name="size">Input size of a trial run where the file leaves it open.</param>
    /// <exception cref="ModelException">The file cannot be used.</exception>
    internal DetectorModel(string path, DeviceSettings settings, bool keepsContract = true, InputSize? size = null)
    {
        Path = path;
        Session = NativeCount.Track(SessionFactory.Open(path, settings, out DeviceChoice used));
        Choice = used;
        try { Signature = ModelSignature.Read(Session, path, keepsContract, size); }
        catch
        {
            NativeCount.Release(Session);
            throw;
        }
    }

    internal string Path { get; }

    internal InferenceSession Session { get; }

    internal ModelSignature Signature { get; }

    /// <summary>Where the session runs, and why there.</summary>
    internal DeviceChoice Choice { get; }

    /// <summary>Lends a slot; give it back with <see cref="Return"/>, in a <c>finally</c>.</summary>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    internal InferenceSlot Rent()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(Detector));
            _rented++;
            if (_idle.TryPop(out InferenceSlot? slot)) { return slot; }
        }
        return new InferenceSlot(this);
    }

    /// <summary>Takes a slot back.</summary>
    internal void Return(InferenceSlot slot)
    {
        bool last;
        lock (_gate)
        {
            _rented--;
            if (!_disposed)
            {
                _idle.Push(slot);
                return;
            }
            last = _rented == 0;
        }
        slot.Dispose();
        if (last) { NativeCount.Release(Session); }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        bool last;
        lock (_gate)
        {
            if (_disposed) { return; }
            _disposed = true;
            last = _rented == 0;
        }
        while (_idle.TryPop(out InferenceSlot? slot)) { slot.Dispose(); }
        if (last) { NativeCount.Release(Session); }
    }
}
