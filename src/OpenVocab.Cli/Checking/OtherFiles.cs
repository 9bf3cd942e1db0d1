using OpenVocab.Models;
using OpenVocab.Models.Checkpoints;

namespace OpenVocab.Cli.Checking;

/// <summary>Files that are no ONNX and can be described all the same: checkpoints, which are imported for a trial.</summary>
internal static class OtherFiles
{
    /// <summary>What a checkpoint is, or null for a file that nobody here can read.</summary>
    internal static ModelFindings? Describe(string path)
    {
        if (!Checkpoint.Looks(path)) { return null; }
        string folder = Directory.CreateTempSubdirectory("openvocab-check-").FullName;
        try
        {
            ImportedModel made = ModelImporter.Import(path, folder);
            return new()
            {
                Path = path,
                Kind = $"checkpoint: {made.Description}",
                Classes = made.Classes,
                Sha256 = FileHash.Of(path),
                Notes = [.. made.Notes, $"A trial import works. Make it a bundle: openvocab models import {path} -o FOLDER."],
            };
        }
        catch (OpenVocabException fault) { return new() { Path = path, Kind = "a checkpoint that cannot be imported", Sha256 = FileHash.Of(path), Problems = [Problem.Of(fault)] }; }
        finally { Directory.Delete(folder, recursive: true); }
    }
}
