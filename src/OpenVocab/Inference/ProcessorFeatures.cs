using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace OpenVocab.Inference;

/// <summary>What of the processor decides how 8-bit networks run.</summary>
/// <param name="HasDotProduct">It multiplies and adds 8-bit numbers in one instruction (x86: VNNI, ARM: dot product): 8-bit networks are faster than float ones.</param>
/// <param name="Saturates">It adds pairs of 8-bit products in 16 bits, which overflow with weights of 8 bits: x86 without VNNI.</param>
internal readonly record struct ProcessorFeatures(bool HasDotProduct, bool Saturates)
{
    private const int ExtendedFeatures = 7, Avx512VnniBit = 11;

    /// <summary>This machine's.</summary>
    internal static ProcessorFeatures Here { get; } = Read();

    private static ProcessorFeatures Read()
    {
        if (!X86Base.IsSupported) { return new(Dp.IsSupported, false); }
        // Intel SDM, volume 2, CPUID: leaf 7, ECX bit 11. .NET has no name for the form of AVX-512.
        bool vnni = AvxVnni.IsSupported || (X86Base.CpuId(0, 0).Eax >= ExtendedFeatures && Avx512BW.IsSupported && (X86Base.CpuId(ExtendedFeatures, 0).Ecx >> Avx512VnniBit & 1) == 1);
        return new(vnni, !vnni);
    }
}
