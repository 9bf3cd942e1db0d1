using OpenCvSharp;

namespace OpenVocab.Sinks;

/// <summary>Writes the frames of one video file.</summary>
internal interface IVideoEncoder : IDisposable
{
    /// <summary>Appends a frame.</summary>
    /// <param name="pixels">CV_8UC3 of the size that the encoder was made for.</param>
    /// <param name="time">When it is shown.</param>
    /// <exception cref="SinkException">The encoder has failed.</exception>
    void Write(Mat pixels, TimeSpan time);

    /// <summary>Ends the file and puts it in its place.</summary>
    /// <param name="interrupted">True if the source had not ended: sound is cut where the pictures end.</param>
    /// <exception cref="SinkException">The file is not whole.</exception>
    void Finish(bool interrupted);
}
