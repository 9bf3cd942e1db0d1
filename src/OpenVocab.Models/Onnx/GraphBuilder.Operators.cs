using static OpenVocab.Models.Onnx.TensorProto.Types;

namespace OpenVocab.Models.Onnx;

// The operators of ONNX (github.com/onnx/onnx, docs/Operators.md) that the networks use, by their names.
internal sealed partial class GraphBuilder
{
    internal Value Add(Value a, Value b) => Node("Add", [a, b]);

    internal Value Subtract(Value a, Value b) => Node("Sub", [a, b]);

    internal Value Multiply(Value a, Value b) => Node("Mul", [a, b]);

    internal Value Divide(Value a, Value b) => Node("Div", [a, b]);

    internal Value MatMul(Value a, Value b) => Node("MatMul", [a, b]);

    internal Value Sigmoid(Value x) => Node("Sigmoid", [x]);

    /// <summary>x · sigmoid(x).</summary>
    internal Value Silu(Value x) => Multiply(x, Sigmoid(x));

    internal Value Softmax(Value x, long axis) => Node("Softmax", [x], Attribute("axis", axis));

    internal Value Concat(long axis, params ReadOnlySpan<Value> parts) => Node("Concat", parts, Attribute("axis", axis));

    internal Value Transpose(Value x, params long[] order) => Node("Transpose", [x], Attribute("perm", order));

    /// <summary>A side of 0 stays as it is, one of -1 takes what is left.</summary>
    internal Value Reshape(Value x, params long[] sides) => Node("Reshape", [x, Integers(sides)]);

    internal Value Reshape(Value x, Value sides) => Node("Reshape", [x, sides]);

    internal Value Unsqueeze(Value x, params long[] axes) => Node("Unsqueeze", [x, Integers(axes)]);

    internal Value Squeeze(Value x, params long[] axes) => Node("Squeeze", [x, Integers(axes)]);

    internal Value Expand(Value x, Value shape) => Node("Expand", [x, shape]);

    /// <summary>Parts of equal length.</summary>
    internal Value[] Split(Value x, long axis, params long[] lengths) => Nodes("Split", [x, Integers(lengths)], lengths.Length, Attribute("axis", axis));

    internal Value Slice(Value x, Value begin, Value end, long axis) => Node("Slice", [x, begin, end, Integers(axis)]);

    internal Value Gather(Value x, Value indices, long axis) => Node("Gather", [x, indices], Attribute("axis", axis));

    internal Value ReduceMax(Value x, long axis, bool keep) => Node("ReduceMax", [x], Attribute("axes", [axis]), Attribute("keepdims", keep ? 1L : 0L));

    /// <summary>The side of a value, as a list of one number.</summary>
    internal Value SideOf(Value x, long axis) => Node("Shape", [x], Attribute("start", axis), Attribute("end", axis + 1));

    /// <summary>0, 1, 2 … below a limit without sides.</summary>
    internal Value Range(Value limit) => Node("Range", [Integer(0), limit, Integer(1)]);

    internal Value ToFloat(Value x) => Node("Cast", [x], Attribute("to", (long)DataType.Float));

    internal Value ToInteger(Value x) => Node("Cast", [x], Attribute("to", (long)DataType.Int64));

    /// <summary>Lengths along an axis, at least 1e-12, so that nothing is divided by 0.</summary>
    internal Value Norm(Value x, long axis) => Node("Max", [Node("ReduceL2", [x], Attribute("axes", [axis]), Attribute("keepdims", 1L)), Number(1e-12f)]);

    internal Value LayerNormalization(Value x, Value weight, Value bias, float epsilon) => Node("LayerNormalization", [x, weight, bias], Attribute("axis", -1L), Attribute("epsilon", epsilon));
}
