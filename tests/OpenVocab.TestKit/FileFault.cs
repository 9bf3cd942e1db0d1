namespace OpenVocab.TestKit;

/// <summary>What a <see cref="FaultyFileServer"/> does with one request.</summary>
public enum FileFault
{
    /// <summary>Serves the file, or the part that was asked for.</summary>
    None,

    /// <summary>Half of what was asked for, and then the connection closes.</summary>
    DropsMidway,

    /// <summary>The same, without ETag and Last-Modified.</summary>
    DropsMidwayWithoutValidator,

    /// <summary>The same, with a weak ETag and a file of this second.</summary>
    DropsMidwayWithWeakValidator,

    /// <summary>The same, without ETag, with a Last-Modified of long ago.</summary>
    DropsMidwayWithDate,

    /// <summary>Half of what was asked for, and then silence; see <see cref="FaultyFileServer.WaitForStallAsync"/>.</summary>
    Stalls,

    /// <summary>Takes the request and never answers; see <see cref="FaultyFileServer.WaitForStallAsync"/>.</summary>
    NeverAnswers,

    /// <summary>The whole file, whatever was asked for.</summary>
    IgnoresRange,

    /// <summary>206 with the beginning of the file, whatever was asked for.</summary>
    AnswersWithAnotherRange,

    /// <summary>416.</summary>
    RangeNotSatisfiable,

    /// <summary>Says that the file is half as long, and sends so much.</summary>
    DeclaresLess,

    /// <summary>Says that the file is a hundred bytes longer, and closes at its end.</summary>
    DeclaresMore,

    /// <summary>Does not say how long the file is; closes at its end.</summary>
    DeclaresNothing,

    /// <summary>Sends it in chunks, and a hundred bytes more.</summary>
    SendsMoreInChunks,

    /// <summary>Sends it in chunks.</summary>
    SendsInChunks,

    /// <summary>A file of the same length with other bytes, under the same ETag.</summary>
    AnotherFile,

    /// <summary>The other file under an ETag of its own: If-Range does not hold.</summary>
    ChangedSince,

    /// <summary>The part of the other file that was asked for, though If-Range does not hold.</summary>
    ChangedAndIgnoresIfRange,

    /// <summary>Says that it has packed the file.</summary>
    Packs,

    /// <summary>A web page with 200.</summary>
    WebPage,

    /// <summary>Nothing, with 200.</summary>
    Empty,

    /// <summary>302 to another path of this server.</summary>
    Redirects,

    /// <summary>302 to itself.</summary>
    RedirectsInCircles,

    /// <summary>302 to a file: address.</summary>
    RedirectsToDisk,

    /// <summary>302 to http.</summary>
    RedirectsToPlain,

    /// <summary>404.</summary>
    NotFound,

    /// <summary>503, with the wish to be left alone for seven seconds.</summary>
    Unavailable,
}
