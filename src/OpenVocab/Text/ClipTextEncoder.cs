using Microsoft.ML.OnnxRuntime;
using OpenVocab.Inference;
using OpenVocab.Prompts;

namespace OpenVocab.Text;

/// <summary>
/// The text side of CLIP as an ONNX network: token ids in, one embedding a text out. Feeds only as many positions as the longest text of a
/// batch needs: what comes after the end token has no influence (CLIP's attention is causal), and most prompts need 5 of 77 positions.
/// </summary>
/// <remarks>Safe for several threads; they wait for each other.</remarks>
internal sealed class ClipTextEncoder : IDisposable
{
    /// <summary>Bounds memory: a text network's activations grow with the batch.</summary>
    private const int LargestBatch = 64;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly ClipTokenizer _tokenizer;
    private readonly int _positions;
    private readonly string _input;
    private readonly string _output;
    private readonly bool _wideIds;
    private InferenceSession? _session;

    /// <summary>Opens the network.</summary>
    /// <param name="path">ONNX file: one integer input <c>[N, L]</c>, one float output <c>[N, D]</c>.</param>
    /// <param name="tokenizer">Of the same vocabulary as the network.</param>
    /// <param name="positions">The most positions, 77 for CLIP.</param>
    /// <param name="threads">0: one for each core.</param>
    /// <exception cref="ModelException">The file is no text encoder.</exception>
    internal ClipTextEncoder(string path, ClipTokenizer tokenizer, int positions, int threads)
    {
        (_path, _tokenizer, _positions) = (path, tokenizer, positions);
        InferenceSession session = NativeCount.Track(SessionFactory.Open(path, new(ExecutionDevice.Cpu, threads), out _));
        try
        {
            (_input, NodeMetadata ids) = Only(session.InputMetadata, "input of token ids (integers, 2 dimensions)",
                node => node.Dimensions.Length == 2 && (node.ElementType == typeof(long) || node.ElementType == typeof(int)));
            _wideIds = ids.ElementType == typeof(long);
            (_output, NodeMetadata embeddings) = Only(session.OutputMetadata, "output of embeddings (float32, 2 dimensions)",
                node => node.Dimensions.Length == 2 && node.ElementType == typeof(float));
            Dimensions = embeddings.Dimensions[1];
        }
        catch
        {
            NativeCount.Release(session);
            throw;
        }
        _session = session;
    }

    /// <summary>Length of an embedding.</summary>
    internal int Dimensions { get; }

    /// <summary>Embeds texts.</summary>
    /// <param name="texts">Any texts.</param>
    /// <param name="truncate">Cut what is too long, as for captions; for a prompt it would be a silent change.</param>
    /// <returns>Unit vectors, in the order of the texts.</returns>
    /// <exception cref="PromptException">A text has more tokens than the network has positions.</exception>
    /// <exception cref="ModelException">The network failed, or gave something that is no vector.</exception>
    internal IReadOnlyList<float[]> Encode(IReadOnlyList<string> texts, bool truncate = false)
    {
        int[][] rows = [.. texts.Select(text => truncate ? _tokenizer.EncodeTruncated(text, _positions) : _tokenizer.EncodeRow(text, _positions))];
        float[][] embeddings = new float[texts.Count][];
        // Texts of like length together, so that a long one does not make the others long.
        int[] order = [.. Enumerable.Range(0, rows.Length).OrderBy(i => rows[i].Length)];
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_session is null, typeof(Detector));
            foreach (int[] batch in order.Chunk(LargestBatch))
            {
                EncodeBatch(_session, batch, rows, embeddings);
            }
        }
        return embeddings;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_session is null) { return; }
            NativeCount.Release(_session);
            _session = null;
        }
    }

    private void EncodeBatch(InferenceSession session, int[] batch, int[][] rows, float[][] embeddings)
    {
        int length = batch.Max(i => rows[i].Length);
        long[] ids = new long[batch.Length * length];
        Array.Fill(ids, _tokenizer.EndId);
        for (int b = 0; b < batch.Length; b++)
        {
            for (int p = 0; p < rows[batch[b]].Length; p++) { ids[b * length + p] = rows[batch[b]][p]; }
        }
        long[] shape = [batch.Length, length];
        using OrtValue input = _wideIds
            ? OrtValue.CreateTensorValueFromMemory(ids, shape)
            : OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(ids, id => (int)id), shape);
        try
        {
            using RunOptions options = new();
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, [_input], [input], [_output]);
            ReadOnlySpan<float> values = outputs[0].GetTensorDataAsSpan<float>();
            int dimensions = values.Length / batch.Length;
            for (int b = 0; b < batch.Length; b++) { embeddings[batch[b]] = Unit(values.Slice(b * dimensions, dimensions)); }
        }
        catch (OnnxRuntimeException fault)
        {
            throw SessionFactory.RunFailed(_path, fault);
        }
    }

    private float[] Unit(ReadOnlySpan<float> values)
    {
        float[] unit = values.ToArray();
        return UnitVector.Normalize(unit) ? unit : throw new ModelException(
            $"{_path}: the network gave an embedding that is zero or not finite.", "Check that the text encoder is whole, and is one of CLIP.");
    }

    private (string Name, NodeMetadata Node) Only(IReadOnlyDictionary<string, NodeMetadata> nodes, string what, Func<NodeMetadata, bool> fits)
    {
        foreach ((string name, NodeMetadata node) in nodes)
        {
            if (node.IsTensor && fits(node)) { return (name, node); }
        }
        throw new ModelException(
            $"{_path}: no {what}; the file has " +
            string.Join(", ", nodes.Select(node => $"{node.Key} [{string.Join(", ", node.Value.Dimensions)}]")) + ".",
            "Use the text encoder of a CLIP model.");
    }
}
