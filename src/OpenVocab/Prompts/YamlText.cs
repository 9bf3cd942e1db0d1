using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace OpenVocab.Prompts;

/// <summary>Reads YAML that may come from anybody.</summary>
internal static class YamlText
{
    private const int Deepest = 32;

    /// <summary>The one mapping that a text holds.</summary>
    /// <exception cref="YamlException">It is no YAML, no mapping, nests too deeply, or has aliases.</exception>
    internal static YamlMappingNode Load(string text)
    {
        try
        {
            CheckStructure(text);
            YamlStream stream = [];
            stream.Load(new StringReader(text));
            return stream.Documents is [{ RootNode: YamlMappingNode root }] ? root : throw new YamlException("the file must be one mapping of keys");
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet lets these through, at a tag such as "!!s]r" and at some lists that are never closed.
            throw new YamlException("the file is not YAML");
        }
    }

    /// <summary>The reader of nodes calls itself for each level, and aliases multiply what it goes through: a small file could end the process, or keep it busy for ever.</summary>
    private static void CheckStructure(string text)
    {
        Parser parser = new(new StringReader(text));
        for (int depth = 0; parser.MoveNext();)
        {
            if (parser.Current is not { } part) { continue; }
            depth += part is MappingStart or SequenceStart ? 1 : part is MappingEnd or SequenceEnd ? -1 : 0;
            if (part is AnchorAlias) { throw new YamlException(part.Start, part.End, "aliases (*name) are not read here"); }
            if (depth > Deepest) { throw new YamlException(part.Start, part.End, $"more than {Deepest} levels are nested here"); }
        }
    }
}
