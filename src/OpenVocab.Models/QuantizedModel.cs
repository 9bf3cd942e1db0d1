using OpenVocab.Models.Quantization;

namespace OpenVocab.Models;

/// <summary>What a quantization made.</summary>
/// <param name="Folder">The bundle: the float detector, and an 8-bit one beside it.</param>
/// <param name="Rule">How ranges were found.</param>
/// <param name="Trials">Of every rule that was tried, how far the outputs moved on pictures that were not calibrated with.</param>
/// <param name="Convolutions">How many convolutions are computed with 8-bit numbers.</param>
/// <param name="AllConvolutions">How many there are.</param>
/// <param name="Pictures">How many pictures were looked at.</param>
/// <param name="Notes">What a person should know: pictures that could not be read.</param>
public sealed record QuantizedModel(
    string Folder, CalibrationRule Rule, IReadOnlyDictionary<CalibrationRule, OutputShift> Trials, int Convolutions, int AllConvolutions, int Pictures, IReadOnlyList<string> Notes);
