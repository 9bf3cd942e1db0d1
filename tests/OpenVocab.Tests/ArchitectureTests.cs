using System.Text.RegularExpressions;

namespace OpenVocab.Tests;

/// <summary>Holds the arrows of ARCHITECTURE.md: which folder of the library may know which.</summary>
public partial class ArchitectureTests
{
    /// <summary>A station knows the nouns at the root and what stands here; the root's Detector, and Pipelines, join stations.</summary>
    private static readonly Dictionary<string, string[]> s_mayKnow = new()
    {
        ["Bundles"] = ["Imaging", "Prompts"],
        ["Clip"] = ["Bundles", "Imaging", "Inference", "Prompts", "Text"],
        ["Counting"] = [],
        ["Decoding"] = [],
        ["Drawing"] = ["Counting", "Prompts"],
        ["Imaging"] = [],
        ["Evaluation"] = ["Imaging", "Prompts", "Sinks", "Sources"],
        ["Inference"] = ["Decoding", "Imaging"],
        ["Media"] = [],
        ["Pipelines"] = ["Clip", "Counting", "Prompts", "Sinks", "Sources", "Tracking"],
        ["Prompts"] = [],
        ["Search"] = ["Bundles", "Clip", "Imaging", "Inference", "Pipelines", "Prompts", "Sinks", "Sources", "Tracking"],
        ["Sinks"] = ["Counting", "Drawing", "Media", "Prompts", "Sources"],
        ["Sources"] = ["Counting", "Imaging", "Media"],
        ["Tracking"] = [],
        ["Text"] = ["Bundles", "Inference", "Prompts"],
    };

    public static TheoryData<string> Folders() => [.. Directory.GetDirectories(RepositoryFiles.Get("src", "OpenVocab")).Select(path => Path.GetFileName(path)!)];

    [Theory, MemberData(nameof(Folders))]
    public void A_station_knows_only_what_it_may_know(string folder)
    {
        string[] allowed = s_mayKnow[folder];
        foreach (string file in Directory.GetFiles(RepositoryFiles.Get("src", "OpenVocab", folder), "*.cs", SearchOption.AllDirectories))
        {
            foreach (Match known in UsingOfOurs().Matches(File.ReadAllText(file)))
            {
                Assert.True(allowed.Contains(known.Groups[1].Value), $"{file} knows {known.Groups[1].Value}, which {folder} may not");
            }
        }
    }

    [Fact]
    public void No_station_reaches_itself_again()
    {
        foreach (string station in s_mayKnow.Keys)
        {
            HashSet<string> reached = [];
            Queue<string> open = new(s_mayKnow[station]);
            while (open.TryDequeue(out string? next))
            {
                if (reached.Add(next)) { Array.ForEach(s_mayKnow[next], open.Enqueue); }
            }
            Assert.DoesNotContain(station, reached);
        }
    }

    [Fact]
    public void The_library_does_not_know_its_programs() =>
        Assert.DoesNotContain(typeof(Detector).Assembly.GetReferencedAssemblies(), name => name.Name!.StartsWith("OpenVocab.", StringComparison.Ordinal) || name.Name is "System.CommandLine" or "Spectre.Console");

    /// <summary>Models are made by reading files (Checkpoints), describing networks, and writing graphs (Onnx); to run one needs none of it.</summary>
    [Fact]
    public void Making_models_has_arrows_of_its_own()
    {
        Dictionary<string, string[]> mayKnow = new() { ["Checkpoints"] = [], ["Onnx"] = [], ["Networks"] = ["Checkpoints", "Onnx"], ["Catalog"] = [] };
        foreach (string folder in mayKnow.Keys)
        {
            foreach (string file in Directory.GetFiles(RepositoryFiles.Get("src", "OpenVocab.Models", folder), "*.cs"))
            {
                string text = File.ReadAllText(file);
                Assert.All(UsingOfModels().Matches(text), known => Assert.Contains(known.Groups[1].Value, mayKnow[folder]));
                Assert.DoesNotContain("OpenVocab.Cli", text, StringComparison.Ordinal);
                Assert.DoesNotContain("OpenVocab.Server", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void The_server_does_not_know_the_tool()
    {
        foreach (string file in Directory.GetFiles(RepositoryFiles.Get("src", "OpenVocab.Server"), "*.cs", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain("OpenVocab.Cli", File.ReadAllText(file), StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"^using OpenVocab\.(\w+);", RegexOptions.Multiline)]
    private static partial Regex UsingOfOurs();

    [GeneratedRegex(@"^using OpenVocab\.Models\.(\w+);", RegexOptions.Multiline)]
    private static partial Regex UsingOfModels();
}
