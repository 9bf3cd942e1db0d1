using System.Numerics.Tensors;

namespace OpenVocab.Prompts;

/// <summary>Scales embeddings to length 1: what they are compared by is their direction.</summary>
internal static class UnitVector
{
    /// <summary>Divides by the Euclidean norm, in place.</summary>
    /// <returns>False, and no change, where the norm is zero or not finite.</returns>
    internal static bool Normalize(Span<float> vector)
    {
        float norm = TensorPrimitives.Norm<float>(vector);
        if (!(norm > 0f) || !float.IsFinite(norm)) { return false; }
        TensorPrimitives.Divide(vector, norm, vector);
        return true;
    }
}
