using OpenCvSharp;
using OpenVocab.Cli.Options;
using OpenVocab.Cli.Terminal;
using OpenVocab.Imaging;
using OpenVocab.Search;
using OpenVocab.Sinks;
using OpenVocab.Sources;
using Spectre.Console;

namespace OpenVocab.Cli.Searching;

/// <summary>A picture and a clip for each answer, named by its rank.</summary>
internal static class AnswerFiles
{
    /// <param name="answers">Best first.</param>
    /// <param name="pictures">Folder for pictures; null: none.</param>
    /// <param name="clips">Folder for clips; null: none. Pictures have none.</param>
    /// <param name="around">What a clip shows before and after.</param>
    /// <param name="limits">How large a frame may be.</param>
    /// <param name="written">Gets the files.</param>
    /// <param name="cancellation">Ends it between two files.</param>
    /// <exception cref="SinkException">A file cannot be written.</exception>
    internal static void Write(IReadOnlyList<VideoAnswer> answers, string? pictures, string? clips, TimeSpan around, ImageLimits limits, List<string> written, CancellationToken cancellation)
    {
        if (pictures is not null) { OutputPlaces.Prepare(pictures, "--thumbnails"); }
        if (clips is not null) { OutputPlaces.Prepare(clips, "--clips"); }
        int unreadable = 0;
        for (int i = 0; i < answers.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (pictures is not null)
            {
                using Mat? frame = AnswerPicture.Read(answers[i], limits);
                if (frame is not null) { written.Add(Save(Path.Combine(pictures, Invariant($"{i + 1:0000}.jpg")), path => PictureWriter.Write(path, frame))); }
                else if (answers[i].SourceProblem is null) { unreadable++; }
            }
            if (clips is not null && answers[i] is { Kind: SourceKind.Video, SourceProblem: null } answer)
            {
                written.Add(Save(Path.Combine(clips, Invariant($"{i + 1:0000}.mp4")), path => VideoClip.Cut(answer.Path, answer.From - around, answer.To + around, path)));
            }
        }
        if (unreadable > 0) { Screen.Error.WriteLine(Invariant($"warning: of {unreadable} answers the frame cannot be read.")); }
        if (clips is not null && answers.Any(answer => answer.Kind == SourceKind.Picture)) { Screen.Error.WriteLine("notice: pictures have no clips."); }
    }

    private static string Save(string path, Action<string> write)
    {
        write(path);
        return path;
    }
}
