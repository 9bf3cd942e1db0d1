using OpenCvSharp;
using OpenVocab.Evaluation;

namespace OpenVocab.Tests.Evaluation;

/// <summary>A folder into which a test writes a data set.</summary>
internal sealed class DatasetFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal string Path => _folder.Path;

    internal string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => _folder.Dispose();

    internal DatasetFolder Text(string name, string content) => Bytes(name, System.Text.Encoding.UTF8.GetBytes(content));

    internal DatasetFolder Bytes(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], content);
        return this;
    }

    internal DatasetFolder Picture(string name, int width = 200, int height = 100, byte orientation = 1)
    {
        using Mat picture = TestPictures.Halves(width, height);
        byte[] encoded = TestPictures.Encode(picture, System.IO.Path.GetExtension(name).ToLowerInvariant());
        return Bytes(name, orientation == 1 ? encoded : TestPictures.WithOrientation(encoded, orientation));
    }

    internal LabelledDataset Open(string name = "", DatasetOptions? options = null) => Dataset.Open(name.Length == 0 ? Path : this[name], options);

    internal SourceException Refused(string name = "", DatasetOptions? options = null) => Assert.Throws<SourceException>(() => Open(name, options));

    internal static string[] Words(LabelledDataset data) => [.. data.Problems.First.Select(problem => problem.ToString())];

    internal static string[] Ids(LabelledDataset data) => [.. data.Images.Select(image => image.Id)];
}
