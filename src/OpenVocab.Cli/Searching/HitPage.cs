using System.Net;
using System.Text;
using OpenCvSharp;
using OpenVocab.Sinks;

namespace OpenVocab.Cli.Searching;

/// <summary>
/// Pictures that were found as a web page in one file: small copies lie in it, nothing is fetched, and nothing runs. Names of files and the query are escaped: whoever names a file may not write
/// into the page.
/// </summary>
internal static class HitPage
{
    private const int JpegQuality = 80;

    private static readonly Size s_box = new(320, 240);

    /// <summary>Makes the page and writes it.</summary>
    /// <param name="path">Of the page.</param>
    /// <param name="query">What was looked for.</param>
    /// <param name="hits">Best first.</param>
    /// <param name="summary">A line below the heading.</param>
    /// <exception cref="SinkException">It cannot be written.</exception>
    internal static void Write(string path, string query, IReadOnlyList<ShownPicture> hits, string summary)
    {
        using AtomicFile file = new(path);
        void Put(string text) => file.Write(Encoding.UTF8.GetBytes(text));
        Put(Head(query, summary));
        // One after the other, as they are made: a thousand small copies are 20 MB.
        for (int i = 0; i < hits.Count; i++) { Put(Figure(hits[i])); }
        Put("</main>\n</body>\n</html>\n");
        file.Commit();
    }

    private static string Head(string query, string summary) => $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
        <meta name="referrer" content="no-referrer">
        <title>{{Escape(query)}}</title>
        <style>
        :root { color-scheme: light dark; }
        body { font: 15px/1.4 system-ui, sans-serif; margin: 1.5rem; }
        h1 { font-size: 1.3rem; margin: 0; }
        p { margin: .2rem 0 1rem; opacity: .7; }
        main { display: grid; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr)); gap: 1rem; }
        figure { margin: 0; }
        figure > a, figure > span { display: flex; align-items: center; justify-content: center; height: 200px; background: #8882; border-radius: 6px; overflow: hidden; }
        img { max-width: 100%; max-height: 100%; }
        figcaption { overflow-wrap: anywhere; font-size: .85rem; }
        figcaption b { font-variant-numeric: tabular-nums; margin-right: .6em; }
        </style>
        </head>
        <body>
        <h1>{{Escape(query)}}</h1>
        <p>{{Escape(summary)}}</p>
        <main>

        """;

    private static string Figure(ShownPicture hit)
    {
        string name = Escape(hit.Name);
        string picture = Encode(hit) is { } jpeg
            ? $"<a href=\"{Escape(new Uri(hit.Path).AbsoluteUri)}\"><img loading=\"lazy\" alt=\"{name}\" src=\"data:image/jpeg;base64,{jpeg}\"></a>"
            : "<span>cannot be read</span>";
        string numbers = string.Concat(hit.Numbers.Split("   ").Select(number => $"<b>{Escape(number)}</b>"));
        return $"<figure>{picture}<figcaption>{numbers}{name}</figcaption></figure>\n";
    }

    private static string? Encode(ShownPicture hit)
    {
        using Mat? small = hit.Small(s_box);
        if (small is null) { return null; }
        Cv2.ImEncode(".jpg", small, out byte[] jpeg, new ImageEncodingParam(ImwriteFlags.JpegQuality, JpegQuality));
        return Convert.ToBase64String(jpeg);
    }

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
