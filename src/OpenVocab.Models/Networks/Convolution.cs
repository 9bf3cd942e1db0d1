using OpenVocab.Models.Checkpoints;
using OpenVocab.Models.Onnx;

namespace OpenVocab.Models.Networks;

/// <summary>The weights of a convolution, which a batch normalization behind it can be folded into.</summary>
internal sealed class Convolution
{
    /// <summary>Of YOLO's batch normalizations; PyTorch's own default is another one, and the files say it.</summary>
    private const double DefaultEpsilon = 1e-3;

    private readonly CheckpointModule _layer;
    private readonly Floats _weight;
    private Floats? _bias;

    private Convolution(CheckpointModule layer, Floats weight, Floats? bias) => (_layer, _weight, _bias) = (layer, weight, bias);

    /// <summary>Channels that it gives.</summary>
    internal int Channels => (int)_weight.Shape[0];

    /// <summary>Reads a Conv2d.</summary>
    internal static Convolution Read(CheckpointModule layer)
    {
        StoredTensor weight = layer.RequireTensor("weight"), bias = layer.FindTensor("bias") ?? weight;
        if (weight.Shape.Length != 4 || weight.Count == 0 || bias != weight && bias.Count != weight.Shape[0]) { throw layer.Unsupported($"has weights of [{string.Join(", ", weight.Shape)}] and a bias of [{string.Join(", ", bias.Shape)}], which is no convolution of pictures"); }
        return new(layer, weight.ToFloats(), bias == weight ? null : bias.ToFloats());
    }

    /// <summary>Folds y = (x - mean) / sqrt(var + eps) · weight + bias (Ioffe and Szegedy 2015, section 3.1) into the weights.</summary>
    /// <param name="norm">A BatchNorm2d with as many channels; null: nothing is to be folded.</param>
    internal Convolution Fold(CheckpointModule? norm)
    {
        if (norm is null) { return this; }
        Floats Statistic(string name) => norm.RequireTensor(name) is { Count: var count } tensor && count == Channels ? tensor.ToFloats() : throw norm.Unsupported($"has another number of channels than the {Channels} of its convolution");
        Floats gain = Statistic("weight"), shift = Statistic("bias"), mean = Statistic("running_mean"), variance = Statistic("running_var");
        double epsilon = norm.Number("eps") ?? DefaultEpsilon;
        _bias ??= new(Channels, Channels);
        int length = _weight.Count / Channels;
        for (int channel = 0; channel < Channels; channel++)
        {
            float factor = (float)(gain.Values[channel] / Math.Sqrt(variance.Values[channel] + epsilon));
            foreach (ref float weight in _weight.Values.Slice(channel * length, length)) { weight *= factor; }
            _bias.Values[channel] = (_bias.Values[channel] - mean.Values[channel]) * factor + shift.Values[channel];
        }
        return this;
    }

    /// <summary>Multiplies what it gives.</summary>
    internal Convolution Scale(float factor)
    {
        foreach (ref float weight in _weight.Values) { weight *= factor; }
        if (_bias is not null)
        {
            foreach (ref float bias in _bias.Values) { bias *= factor; }
        }
        return this;
    }

    /// <summary>A copy with one more channel, which gives the same number everywhere.</summary>
    internal Convolution WithConstantChannel(float value)
    {
        Floats weight = new(_weight.Count / Channels * (Channels + 1), [Channels + 1, .. _weight.Shape[1..]]), bias = new(Channels + 1, Channels + 1);
        _weight.Values.CopyTo(weight.Values);
        _bias?.Values.CopyTo(bias.Values);
        bias.Values[^1] = value;
        return new(_layer, weight, bias);
    }

    /// <param name="graph">Gets the node.</param>
    /// <param name="x"><c>[B, C, H, W]</c>.</param>
    /// <param name="stride">Where the file does not tell; the padding is then half of the kernel.</param>
    internal Value Build(GraphBuilder graph, Value x, long stride = 1)
    {
        graph.Enter(_layer.Path);
        long[] kernel = [_weight.Shape[2], _weight.Shape[3]];
        long[] Two(string name, long[] missing) => _layer.Integers(name) switch { null => missing, [var one] => [one, one], { Length: 2 } two => two, _ => missing };
        // Lists of numbers that a file claims: only those that a convolution can have.
        long[] Checked(string name, long[] missing, long least, long most) => Two(name, missing) is var values && values.All(value => value >= least && value <= most) ? values : throw _layer.Unsupported($"has a {name} of {string.Join(" x ", values)}; {least} to {most} are possible");
        long[] padding = Checked("padding", [kernel[0] / 2, kernel[1] / 2], 0, 64);
        Value weight = graph.Weight("weight", _weight.Bytes, _weight.Shape);
        Value[] inputs = _bias is null ? [x, weight] : [x, weight, graph.Weight("bias", _bias.Bytes, _bias.Shape)];
        return graph.Node(
            "Conv", inputs, GraphBuilder.Attribute("kernel_shape", kernel), GraphBuilder.Attribute("strides", Checked("stride", [stride, stride], 1, 64)),
            GraphBuilder.Attribute("pads", [padding[0], padding[1], padding[0], padding[1]]), GraphBuilder.Attribute("dilations", Checked("dilation", [1, 1], 1, 64)),
            GraphBuilder.Attribute("group", Checked("groups", [1, 1], 1, 65_536)[0]));
    }
}
