using System.Security.Cryptography;
using OpenVocab.Prompts;

namespace OpenVocab.Bundles;

/// <summary>
/// A model as a folder: <c>bundle.json</c> and the files that it names. Opening checks every file's length and SHA-256, so that a damaged
/// weight is found here and not in the results. A bare ONNX file is a bundle of one file, of which nobody says what it should be.
/// Immutable and safe for any number of threads.
/// </summary>
public sealed class ModelBundle
{
    /// <summary>Name of the description inside of the folder.</summary>
    public const string DescriptionFile = "bundle.json";

    private static readonly TextSettings s_clip = new() { Templates = ["{}"], Dimensions = 512, Positions = 77, PaddingPrompt = false };

    private readonly IReadOnlyList<string> _defaultNames;
    private readonly IReadOnlyList<string> _defaultPrompts;

    // A bare file: what its network wants is read when it is opened.
    private ModelBundle(BundleFile file, DetectorSettings detector)
    {
        Folder = Path.GetDirectoryName(file.Path)!;
        (Name, License) = (Path.GetFileName(file.Path), "not stated");
        (Detector, Text, Image, Files) = (detector, s_clip, new(), [file]);
        (_defaultNames, _defaultPrompts) = ([], []);
        IsBareFile = true;
    }

    private ModelBundle(string folder, BundleDescription description)
    {
        Folder = folder;
        (Name, License) = (description.Name, description.License);
        (Detector, Text, Image, Quantization, Files) = (description.Detector, description.Text, description.Image, description.Quantization, description.Files);
        (_defaultNames, _defaultPrompts) = description.DefaultVocabulary;
    }

    /// <summary>Full path of the folder; of a bare file that which it lies in.</summary>
    public string Folder { get; }

    /// <summary>True for an ONNX file without a description.</summary>
    internal bool IsBareFile { get; }

    /// <summary>What its maker calls it.</summary>
    public string Name { get; }

    /// <summary>The licence of the weights, in words.</summary>
    public string License { get; }

    /// <summary>All files, in the order of the description.</summary>
    public IReadOnlyList<BundleFile> Files { get; }

    /// <summary>How the detector is fed.</summary>
    public DetectorSettings Detector { get; }

    /// <summary>How the text encoder is fed.</summary>
    public TextSettings Text { get; }

    /// <summary>How the image encoder is fed; all null where there is none.</summary>
    public ImageSettings Image { get; }

    /// <summary>How its 8-bit detector was made; null where it has none.</summary>
    public QuantizationSettings? Quantization { get; }

    /// <summary>Opens the bundle that comes with the library: <c>models/default</c> beside the program.</summary>
    /// <exception cref="ModelException">It is missing or damaged.</exception>
    public static ModelBundle OpenDefault()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "models", "default");
        return Directory.Exists(folder) ? Open(folder) : throw new ModelException(
            $"{folder}: the model that comes with OpenVocab is not there.",
            "Copy the folder models/default beside the program, or give another bundle.");
    }

    /// <summary>Opens a bundle and checks all its files.</summary>
    /// <param name="path">A folder that holds a <c>bundle.json</c>, or an ONNX file.</param>
    /// <exception cref="ModelException">The folder or a file is missing, or is not what the description says.</exception>
    public static ModelBundle Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string folder = Path.GetFullPath(path);
        if (File.Exists(folder)) { return new ModelBundle(Describe(folder), DetectorSettings.Usual); }
        if (!Directory.Exists(folder)) { throw new ModelException($"{path}: there is no such file and no such folder.", "Check the path of the model."); }
        BundleDescription description = BundleDescription.Read(folder);
        foreach (BundleFile file in description.Files) { Verify(file); }
        return new ModelBundle(folder, description);
    }

    /// <summary>The file of a role, or null.</summary>
    /// <param name="role">One of <see cref="BundleRoles"/>.</param>
    public BundleFile? Find(string role) => Files.FirstOrDefault(file => file.Role == role);

    /// <summary>The file of a role.</summary>
    /// <param name="role">One of <see cref="BundleRoles"/>.</param>
    /// <exception cref="ModelException">The bundle has no such file.</exception>
    public BundleFile Require(string role) => Find(role) ?? throw new ModelException(
        $"{Folder}: the bundle has no {role}; it has {string.Join(", ", Files.Select(file => file.Role))}.",
        $"Use a bundle with a {role}.");

    /// <summary>Reads the vocabulary that the bundle brings with it, embeddings included: it needs no text encoder.</summary>
    /// <returns><see cref="Vocabulary.Empty"/> if the bundle has none, as a bare file.</returns>
    /// <exception cref="ModelException">Names and embeddings do not fit together.</exception>
    public Vocabulary LoadDefaultVocabulary()
    {
        if (_defaultNames.Count == 0) { return Vocabulary.Empty; }
        BundleFile file = Require(BundleRoles.VocabularyEmbeddings);
        NpyFile array = NpyFile.Read(file.Path);
        if (array.Shape.Length != 2 || array.Shape[0] != _defaultNames.Count || array.Shape[1] != Text.Dimensions)
        {
            throw new ModelException(
                $"{file.Path}: the array is [{string.Join(", ", array.Shape)}]; {_defaultNames.Count} names of {Text.Dimensions} numbers need " +
                $"[{_defaultNames.Count}, {Text.Dimensions}].", "Fetch the bundle again.");
        }
        float[] rows = array.ToFloats();
        for (int row = 0; row < _defaultNames.Count; row++)
        {
            if (!UnitVector.Normalize(rows.AsSpan(row * Text.Dimensions, Text.Dimensions)))
            {
                throw new ModelException($"{file.Path}: row {row} ({_defaultNames[row]}) is zero or not finite.", "Fetch the bundle again.");
            }
        }
        PromptSet prompts = new(_defaultNames.Zip(_defaultPrompts, (name, prompt) => new ClassPrompt(name) { Prompts = [prompt] }), templates: ["{}"]);
        return new Vocabulary(prompts, rows, [.. Enumerable.Range(0, _defaultNames.Count)], Text.Dimensions, hasPaddingPrompt: false, []);
    }

    /// <summary>The same bare file with what its network wants.</summary>
    internal ModelBundle With(DetectorSettings detector) => new(Files[0], detector);

    private static BundleFile Describe(string path)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            return new(BundleRoles.Detector, path, Convert.ToHexStringLower(SHA256.HashData(stream)), stream.Length);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: the file cannot be read: {fault.Message}", "Check the path and its rights.", fault);
        }
    }

    private static void Verify(BundleFile file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file.Path);
            if (stream.Length != file.Bytes)
            {
                throw new ModelException($"{file.Path}: the file has {stream.Length} bytes; {DescriptionFile} says {file.Bytes}.", "Fetch the bundle again.");
            }
            string hash = Convert.ToHexStringLower(SHA256.HashData(stream));
            if (hash != file.Sha256)
            {
                throw new ModelException($"{file.Path}: the file is damaged: its SHA-256 is {hash}; {DescriptionFile} says {file.Sha256}.", "Fetch the bundle again.");
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{file.Path}: the {file.Role} of the bundle cannot be read: {fault.Message}", "Fetch the bundle again.", fault);
        }
    }
}
