using OpenVocab.Bundles;
using OpenVocab.Inference;
using OpenVocab.Prompts;

namespace OpenVocab;

/// <summary>What an ONNX file without a description lacks: how it is fed, and where its words come from.</summary>
internal static class BareModel
{
    /// <summary>How the network is fed, as far as the exporter says.</summary>
    internal static DetectorSettings SettingsOf(DetectorSettings usual, ModelMetadata metadata) => usual with
    {
        ImageSize = metadata.ImageSize ?? usual.ImageSize,
        MultipleOf = Math.Max(metadata.Stride ?? 0, usual.MultipleOf),
    };

    /// <summary>
    /// The bundle that embeds words: the one that the options name, the model's own, or for a bare file whose embeddings are as long the one that comes with the library:
    /// it is trained to be near CLIP ViT-B/32, which such models are made for.
    /// </summary>
    /// <exception cref="ModelException">The named one cannot be used with this model.</exception>
    internal static ModelBundle FindWords(ModelBundle bundle, DetectorOptions options, ModelSignature signature)
    {
        if (options.TextEncoder is { } folder)
        {
            if (signature.Text is null)
            {
                throw new ModelException($"{bundle.Name}: a text encoder is named, and this model takes no words: its {signature.Classes.Count} classes were fixed when it was exported.", "Leave the text encoder out, or use a model with a text input.");
            }
            ModelBundle named = ModelBundle.Open(folder);
            CheckDimensions(bundle, named, signature);
            return named;
        }
        if (!bundle.IsBareFile || signature.Text is null) { return bundle; }
        return signature.Text.Dimensions == bundle.Text.Dimensions ? ModelBundle.OpenDefault() : bundle;
    }

    /// <summary>The vocabulary that is in force before anybody names words: the bundle's own, or for a bare file that of the bundle that embeds words, if it fits.</summary>
    internal static Vocabulary DefaultVocabulary(ModelBundle bundle, ModelBundle words, ModelSignature signature)
    {
        if (!bundle.IsBareFile) { return bundle.LoadDefaultVocabulary(); }
        Vocabulary vocabulary = words.LoadDefaultVocabulary();
        return signature.Text is { } text && vocabulary.Dimensions == text.Dimensions && (text.Prompts < 0 || vocabulary.Rows <= text.Prompts) ? vocabulary : Vocabulary.Empty;
    }

    /// <summary>Checks that the text encoder gives what the network takes.</summary>
    /// <exception cref="ModelException">It does not; both lengths are named.</exception>
    internal static void CheckDimensions(ModelBundle bundle, ModelBundle words, ModelSignature signature)
    {
        if (signature.Text is not { } text) { return; }
        if (ReferenceEquals(words, bundle) && bundle.IsBareFile)
        {
            throw new ModelException(
                $"{bundle.Name}: the model takes embeddings of {text.Dimensions} numbers; the text encoder that comes with OpenVocab gives {words.Text.Dimensions}.",
                "Name a bundle with a text encoder that fits: --text-encoder, DetectorOptions.TextEncoder.");
        }
        if (words.Text.Dimensions != text.Dimensions)
        {
            throw new ModelException(
                $"{bundle.Name}: the model takes embeddings of {text.Dimensions} numbers; the text encoder of {words.Name} gives {words.Text.Dimensions}.",
                "Name a bundle with a text encoder that fits: --text-encoder, DetectorOptions.TextEncoder.");
        }
    }
}
