using System.Xml;

namespace OpenVocab.Evaluation;

/// <summary>One XML file of Pascal VOC data, read as a stream: only the elements at their places count, so a <c>part</c> of an object keeps its name and box to itself.</summary>
/// <remarks>Elements may come in any order, and numbers may have decimals. Nothing is loaded from elsewhere: a document type is refused.</remarks>
internal sealed class VocFile
{
    internal const long LargestFile = 4 * 1024 * 1024;

    private static readonly XmlReaderSettings s_settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = LargestFile, IgnoreComments = true, IgnoreProcessingInstructions = true,
    };

    private static readonly string[] s_edges = ["xmin", "ymin", "xmax", "ymax"];

    private readonly string _place;
    private readonly DataProblems _problems;

    /// <summary>The values of the object that is being read, and the lines where they stand; the first of a name counts.</summary>
    private readonly Dictionary<string, (string Text, int Line)> _values = [];
    private int _objectLine;

    private VocFile(string place, DataProblems problems) => (_place, _problems) = (place, problems);

    /// <summary>As written, perhaps with a path of another machine; null where the file does not say.</summary>
    internal string? FileName { get; private set; }

    /// <summary>Pixels; 0 where the file does not say.</summary>
    internal int Width { get; private set; }

    /// <summary>Pixels; 0 where the file does not say.</summary>
    internal int Height { get; private set; }

    internal List<VocObject> Objects { get; } = [];

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">The whole file, in the encoding that it names.</param>
    /// <param name="place">What messages call it.</param>
    /// <param name="problems">Takes what is wrong with single objects, which are left out, and with the file.</param>
    /// <returns>Null where the file is no annotation.</returns>
    internal static VocFile? Parse(byte[] bytes, string place, DataProblems problems)
    {
        VocFile file = new(place, problems);
        try
        {
            using XmlReader reader = XmlReader.Create(new MemoryStream(bytes), s_settings);
            return file.ReadAll(reader) ? file : null;
        }
        catch (XmlException fault)
        {
            // What the reader says of document types is advice to programmers.
            string why = fault.Message.Contains("DTD", StringComparison.Ordinal) ? "the file has a document type (DOCTYPE), which is not read" : fault.Message.TrimEnd('.');
            problems.Add(fault.LineNumber > 0 ? file.At(fault.LineNumber) : place, $"{why}; the picture is left out");
            return null;
        }
    }

    private bool ReadAll(XmlReader reader)
    {
        // The names of the open elements below the outermost one; deeper ones say nothing that is used here.
        string[] path = ["", "", ""];
        while (reader.Read())
        {
            int depth = reader.Depth;
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when depth == 0 && reader.LocalName != "annotation":
                    _problems.Add(At(LineOf(reader)), $"the outermost element is {DataFile.Quote(reader.LocalName)}, not \"annotation\"; the picture is left out");
                    return false;
                case XmlNodeType.Element when depth >= 1 && depth <= path.Length:
                    path[depth - 1] = reader.LocalName;
                    if (depth == 1) { BeginObject(LineOf(reader)); }
                    if (depth == 1 && reader.IsEmptyElement && path[0] == "object") { EndObject(); }
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA when depth >= 2 && depth <= path.Length + 1:
                    Take(string.Join('/', path, 0, depth - 1), reader.Value.Trim(), LineOf(reader));
                    break;
                case XmlNodeType.EndElement when depth == 1 && path[0] == "object":
                    EndObject();
                    break;
            }
        }
        return true;
    }

    private void Take(string element, string text, int line)
    {
        switch (element)
        {
            case "filename": FileName ??= text; break;
            case "size/width": Width = Side(element, text, line); break;
            case "size/height": Height = Side(element, text, line); break;
            default: _values.TryAdd(element, (text, line)); break;
        }
    }

    private int Side(string element, string text, int line)
    {
        if (DataFile.TryNumber(text, out double side) && side >= 0 && side <= DataFile.LargestCoordinate && side == Math.Floor(side)) { return (int)side; }
        _problems.Add(At(line), Invariant($"{element} is {DataFile.Quote(text)}; it must be an integer from 0 to {DataFile.LargestCoordinate}; it is passed over"));
        return 0;
    }

    private void BeginObject(int line)
    {
        _values.Clear();
        _objectLine = line;
    }

    private void EndObject()
    {
        if (!_values.TryGetValue("object/name", out (string Text, int Line) name) || name.Text.Length == 0)
        {
            _problems.Add(At(_objectLine), "the object has no name; it is left out");
            return;
        }
        Span<double> edges = stackalloc double[s_edges.Length];
        for (int i = 0; i < s_edges.Length; i++)
        {
            if (!_values.TryGetValue($"object/bndbox/{s_edges[i]}", out (string Text, int Line) edge))
            {
                _problems.Add(At(_objectLine), $"the object has no bndbox with {s_edges[i]}; it is left out");
                return;
            }
            if (!DataFile.TryNumber(edge.Text, out edges[i]) || Math.Abs(edges[i]) > DataFile.LargestCoordinate)
            {
                _problems.Add(At(edge.Line), Invariant($"{s_edges[i]} is {DataFile.Quote(edge.Text)}; it must be a number of at most {DataFile.LargestCoordinate}; the object is left out"));
                return;
            }
        }
        Objects.Add(new(name.Text, IsDifficult(), edges[0], edges[1], edges[2], edges[3], At(_objectLine)));
    }

    private bool IsDifficult()
    {
        // Many tools do not write it, or write that nobody said.
        if (!_values.TryGetValue("object/difficult", out (string Text, int Line) difficult) || difficult.Text.ToUpperInvariant() is "0" or "FALSE" or "" or "UNSPECIFIED") { return false; }
        if (difficult.Text.ToUpperInvariant() is "1" or "TRUE") { return true; }
        _problems.Add(At(difficult.Line), $"difficult is {DataFile.Quote(difficult.Text)}; it must be 0 or 1; it was taken as 0");
        return false;
    }

    private string At(int line) => $"{_place}, line {line}";

    private static int LineOf(XmlReader reader) => reader is IXmlLineInfo place ? place.LineNumber : 0;
}
