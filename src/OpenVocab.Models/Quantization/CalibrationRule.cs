namespace OpenVocab.Models.Quantization;

/// <summary>How the range of a value is found from what it was.</summary>
public enum CalibrationRule
{
    /// <summary>All others in turn; the one whose outputs move least on pictures that were not calibrated with is kept.</summary>
    Auto,

    /// <summary>Everything that was seen.</summary>
    MinMax,

    /// <summary>All but one of 20,000 on either side.</summary>
    Percentile,

    /// <summary>The range whose rounded distribution differs least from the real one by Kullback and Leibler (Migacz, "8-bit inference with TensorRT", GTC 2017).</summary>
    Entropy,

    /// <summary>The range with the least mean squared error, behind the activation where one follows.</summary>
    SquaredError,
}
