using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OpenVocab.Imaging;

namespace OpenVocab.Inference;

/// <summary>One run on a grey picture, with every output, to see what a network gives of which its file says little.</summary>
internal static class TrialRun
{
    /// <summary>How many prompts a network with a free number of them is given: other than any fixed side of a box.</summary>
    internal const int FreePrompts = 3;

    /// <summary>Runs the network once.</summary>
    /// <param name="session">Open.</param>
    /// <param name="path">For messages.</param>
    /// <param name="picture">The picture input.</param>
    /// <param name="text">The text input, or null.</param>
    /// <param name="size">Where the file leaves the size open.</param>
    /// <param name="classes">How many classes the file names; -1: nobody knows. With a text input it does not matter.</param>
    /// <exception cref="ModelException">The network failed.</exception>
    internal static OutputFacts Run(InferenceSession session, string path, PictureRole picture, TextRole? text, InputSize size, int classes)
    {
        (int height, int width) = (picture.Height > 0 ? picture.Height : size.Height, picture.Width > 0 ? picture.Width : size.Width);
        int pictures = Math.Max(picture.Batch, 1), prompts = text is null ? classes : text.Prompts > 0 ? text.Prompts : FreePrompts;
        IReadOnlyList<TensorDescription> declared = TensorDescription.Of(session.OutputNames, session.OutputMetadata);
        float[] grey = new float[pictures * 3 * height * width];
        Array.Fill(grey, PixelPacker.Border);
        List<string> names = [picture.Name];
        List<OrtValue> inputs = [Value(picture.Type, grey, picture.ShapeFor(width, height, pictures))];
        try
        {
            if (text is not null)
            {
                names.Add(text.Name);
                inputs.Add(Value(text.Type, Directions(text.CopiesFor(pictures), prompts, text.Dimensions), text.ShapeFor(prompts, pictures)));
            }
            using RunOptions options = new();
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(options, names, inputs, [.. declared.Select(output => output.Name)]);
            return new([.. declared.Select((output, i) => Fact(output, outputs[i]))], height, width, prompts);
        }
        catch (OnnxRuntimeException fault) { throw SessionFactory.RunFailed(path, fault); }
        finally { inputs.ForEach(input => input.Dispose()); }
    }

    private static OrtValue Value(TensorElementType type, float[] values, long[] shape)
    {
        OrtValue value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, type, shape);
        ElementTypes.Narrow(type, values, value.GetTensorMutableRawData());
        return value;
    }

    // Unit vectors in different directions: which does not matter.
    private static float[] Directions(int copies, int prompts, int dimensions)
    {
        float[] text = new float[copies * prompts * dimensions];
        for (int row = 0; row < copies * prompts; row++) { text[row * dimensions + row % prompts % dimensions] = 1; }
        return text;
    }

    private static OutputFact Fact(TensorDescription declared, OrtValue value)
    {
        OrtTensorTypeAndShapeInfo info = value.GetTensorTypeAndShape();
        float[] values = ElementTypes.SizeOf(info.ElementDataType) == 0 ? [] : new float[info.ElementCount];
        if (values.Length > 0) { ElementTypes.Widen(info.ElementDataType, value.GetTensorMutableRawData(), values); }
        return new(declared.Name, info.ElementDataType, declared.Shape, [.. info.Shape.Select(side => (int)side)], values);
    }
}
