using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.OnnxRuntime;
using OpenVocab.Bundles;
using OpenVocab.Cli.Plots;

namespace OpenVocab.Cli.Doctor;

/// <summary>Everything that <c>openvocab doctor</c> looks at. A failing check never stops the others.</summary>
internal static class Checks
{
    internal static IEnumerable<Check> All()
    {
        yield return Check.Ok("runtime", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} cores");
        yield return Unicode();
        Check openCv = Native("OpenCV", "OpenCvSharpExtern", OpenCvVersion);
        yield return openCv;
        Check onnx = Native("ONNX Runtime", "onnxruntime", OnnxVersion);
        yield return onnx;
        foreach (Check check in FfmpegChecks.All()) { yield return check; }
        yield return NativeLibraries.TryLoad("libSkiaSharp") is { } fault ? Check.Warn("fonts", fault.Text, fault.Remedy) : Guarded("fonts", Fonts);
        yield return Guarded("model", Model);
        if (openCv.State == CheckState.Ok && onnx.State == CheckState.Ok) { yield return Guarded("detection", Detection); }
        yield return Devices(onnx);
        yield return Cameras();
        yield return Writable("working folder", Directory.GetCurrentDirectory(), "Change to a folder that you may write to, or use --save-dir.", CheckState.Warning);
        yield return Writable("cache", OpenVocab.Text.TextEmbeddingCache.DefaultRoot, "Set OPENVOCAB_CACHE to a folder that you may write to; without it words are embedded anew at every start.", CheckState.Warning);
        yield return Writable("temporary files", Path.GetTempPath(), "Set TMPDIR to a folder that you may write to.", CheckState.Failed);
    }

    private static Check Unicode() => "e\u0301".Normalize(NormalizationForm.FormC) == "\u00E9"
        ? Check.Ok("unicode", "ICU is there")
        : Check.Fail("unicode", ".NET runs without ICU: prompts would get wrong tokens", "Install libicu (Debian 12: libicu72, Ubuntu 24.04: libicu74), or unset DOTNET_SYSTEM_GLOBALIZATION_INVARIANT.");

    private static Check Native(string name, string library, Func<string> version) =>
        NativeLibraries.TryLoad(library) is { } fault ? Check.Fail(name, fault.Text, fault.Remedy) : Guarded(name, () => Check.Ok(name, version()));

    // In methods of their own: the types must not be touched before the library is known to load.
    private static string OpenCvVersion() => $"{OpenCvSharp.Cv2.GetVersionString()} loaded";

    private static string OnnxVersion() => $"{OrtEnv.Instance().GetVersionString()} loaded";

    private static Check Fonts() => PlotFont.Family is { } family
        ? Check.Ok("fonts", $"plots are written in {family}")
        : Check.Warn("fonts", "no font is installed: plots would have no text", "Install one: sudo apt-get install --no-install-recommends fonts-dejavu-core");

    private static Check Model()
    {
        ModelBundle bundle = ModelBundle.OpenDefault();
        return Check.Ok("model", $"{bundle.Name}: {bundle.Files.Count} files, hashes right, in {bundle.Folder}");
    }

    private static Check Detection()
    {
        using Detector detector = Detector.Load();
        using OpenCvSharp.Mat grey = new(320, 320, OpenCvSharp.MatType.CV_8UC3, OpenCvSharp.Scalar.All(128));
        FrameResult result = detector.Detect(grey);
        return Check.Ok("detection", Invariant($"a trial run on {detector.Device} took {result.Timings.Total.TotalMilliseconds:0} ms (the first run; later ones are faster)"));
    }

    private static Check Devices(Check onnx)
    {
        if (onnx.State != CheckState.Ok) { return Check.Warn("devices", "unknown: ONNX Runtime does not load", "Repair ONNX Runtime first."); }
        string providers = string.Join(", ", OrtEnv.Instance().GetAvailableProviders().Select(provider => provider.Replace("ExecutionProvider", "", StringComparison.Ordinal)));
        bool driver = File.Exists("/dev/nvidiactl");
        return driver && !providers.Contains("CUDA", StringComparison.Ordinal)
            ? Check.Warn("devices", $"{providers}; there is an NVIDIA driver, and this build has no CUDA", "Build with -p:Gpu=true to use the GPU.")
            : Check.Ok("devices", $"{providers}; {(driver ? "NVIDIA driver found" : "no NVIDIA driver")}");
    }

    private static Check Cameras()
    {
        string[] cameras = Directory.Exists("/dev") ? [.. Directory.GetFiles("/dev", "video*").Order()] : [];
        return Check.Ok("cameras", cameras.Length == 0 ? "none" : string.Join(", ", cameras));
    }

    private static Check Writable(string name, string folder, string remedy, CheckState otherwise)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string probe = Path.Combine(folder, $".openvocab-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
            return Check.Ok(name, $"{folder} can be written");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new(name, otherwise, $"{folder} cannot be written: {fault.Message}", remedy);
        }
    }

    private static Check Guarded(string name, Func<Check> check)
    {
        try { return check(); }
        catch (OpenVocabException fault) { return Check.Fail(name, fault.Message, fault.Remedy); }
        catch (Exception fault) when (NativeLibraries.Explain(fault) is not null)
        {
            (string text, string remedy) = NativeLibraries.Explain(fault)!.Value;
            return Check.Fail(name, text, remedy);
        }
    }
}
