using OpenVocab.Models;

namespace OpenVocab.Cli.Tests.Comparing;

/// <summary>A folder with the golden CLIP as the bundle <c>clip</c>, and pictures: one of them damaged. The weights are random: nobody is right about a picture.</summary>
public sealed class ClipFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ClipFolder()
    {
        ModelImporter.Import(TinyClip.Weights, _folder["clip"], new() { Tokenizer = TinyClip.WriteTokenizer(_folder["tokenizer"]) });
        foreach (string name in (string[])["dogs.jpg", "cat.jpg"]) { File.Copy(RepositoryFiles.Get("samples", "media", name), _folder[name]); }
        File.WriteAllBytes(_folder["cut.jpg"], File.ReadAllBytes(_folder["cat.jpg"])[..5000]);
    }

    public string Path => _folder.Path;

    public string this[string name] => _folder[name];

    public void Dispose() => _folder.Dispose();
}
