using Microsoft.ML.OnnxRuntime.Tensors;

namespace OpenVocab.Inference;

/// <summary>The input that takes the picture. A dimension that the file leaves open is -1.</summary>
/// <param name="Name">What its maker calls it.</param>
/// <param name="Type">float32, float16 (both 0 to 1) or uint8 (0 to 255).</param>
/// <param name="ChannelsLast">False: <c>[B, 3, H, W]</c>; true: <c>[B, H, W, 3]</c>.</param>
/// <param name="Batch">How many pictures a run takes.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
internal sealed record PictureRole(string Name, TensorElementType Type, bool ChannelsLast, int Batch, int Height, int Width)
{
    /// <summary>The role that an input could play, or null.</summary>
    internal static PictureRole? For(TensorDescription input)
    {
        if (input.Rank != 4 || !(ElementTypes.IsFloat(input.Type) || input.Type == TensorElementType.UInt8)) { return null; }
        int[] shape = input.Shape;
        if (shape[1] == 3) { return new(input.Name, input.Type, false, shape[0], shape[2], shape[3]); }
        if (shape[3] == 3) { return new(input.Name, input.Type, true, shape[0], shape[1], shape[2]); }
        return shape[1] < 0 ? new(input.Name, input.Type, false, shape[0], shape[2], shape[3]) : null;
    }

    /// <summary>Dimensions for pictures of a size.</summary>
    internal long[] ShapeFor(int width, int height, int pictures) => ChannelsLast ? [pictures, height, width, 3] : [pictures, 3, height, width];
}
