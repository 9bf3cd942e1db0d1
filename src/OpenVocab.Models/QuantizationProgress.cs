namespace OpenVocab.Models;

/// <summary>How far a quantization is.</summary>
/// <param name="Step">What is being done, in words.</param>
/// <param name="Done">Steps that are done.</param>
/// <param name="All">All steps.</param>
public readonly record struct QuantizationProgress(string Step, int Done, int All);
