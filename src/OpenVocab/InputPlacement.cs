using OpenVocab.Bundles;
using OpenVocab.Imaging;
using OpenVocab.Inference;

namespace OpenVocab;

/// <summary>How large the network's input is, chosen when a model is loaded, and where pictures lie in it.</summary>
internal sealed class InputPlacement(DetectorSettings bundle, InputSize size, bool minimalRectangle)
{
    /// <summary>Size of the network's input; with a minimal rectangle the largest.</summary>
    internal InputSize Size { get; } = size;

    /// <summary>True: pictures that are not square get a smaller input, with border only up to the next multiple of the stride.</summary>
    internal bool MinimalRectangle { get; } = minimalRectangle;

    /// <summary>The size that was asked for, or the bundle's.</summary>
    /// <exception cref="ModelException">The network does not take it.</exception>
    internal static InputPlacement Choose(DetectorSettings bundle, DetectorOptions options, ModelSignature signature)
    {
        InputSize asked = options.ImageSize ?? bundle.ImageSize;
        InputSize size = new(RoundUp(asked.Height, bundle.MultipleOf), RoundUp(asked.Width, bundle.MultipleOf));
        if (signature.Picture is { Height: > 0, Width: > 0 } picture)
        {
            // A network of fixed size takes nothing else: the option can only agree.
            InputSize fixedSize = new(picture.Height, picture.Width);
            return options.ImageSize is null || size == fixedSize ? new(bundle, fixedSize, false) : throw new ModelException(
                $"The input size {size} was asked for; this model was exported for {fixedSize} alone.", "Leave the input size out, or use a model with dynamic size.");
        }
        int smallest = Math.Min(size.Height, size.Width), largest = Math.Max(size.Height, size.Width);
        if (smallest < bundle.SmallestSide || largest > bundle.LargestSide)
        {
            throw new ModelException(
                $"The input size {size} was asked for; this model takes sides from {bundle.SmallestSide} to {bundle.LargestSide}.",
                $"Choose an input size between {bundle.SmallestSide} and {bundle.LargestSide}.");
        }
        return new(bundle, size, options.MinimalRectangle ?? bundle.MinimalRectangle);
    }

    /// <summary>Where a picture of this size lies in the input.</summary>
    internal LetterboxGeometry Place(int width, int height)
    {
        int multiple = bundle.MultipleOf, least = bundle.SmallestSide;
        LetterboxGeometry geometry = LetterboxGeometry.Fit(width, height, Size.Width, Size.Height, MinimalRectangle, multiple);
        // A long picture may need a rectangle that is narrower than the network takes: then it gets border up to that.
        return geometry.Width >= least && geometry.Height >= least
            ? geometry
            : LetterboxGeometry.Fit(width, height, Math.Max(geometry.Width, least), Math.Max(geometry.Height, least), minimalRectangle: false, multiple);
    }

    private static int RoundUp(int side, int multiple) => (side + multiple - 1) / multiple * multiple;
}
