using System.Diagnostics;

namespace OpenVocab.Cli.Tests;

/// <summary>Packs library and tool, and uses both as somebody does who has nothing else: an empty project, a folder as the package source.</summary>
[Trait("Category", "Packaging")]
public sealed class PackagingTests : IDisposable
{
    private const string Program = """
        using OpenVocab;
        using OpenCvSharp;

        using Detector detector = Detector.Load();
        detector.SetClasses("dog");
        FrameResult result = detector.Detect(args[0]);
        result.Draw().Save("out.jpg");
        Console.WriteLine($"{result.Detections.Count} {result.NameOf(result.Detections[0])}");
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Library_and_tool_work_from_their_packages()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the tool is packed for Linux");
        // A version of its own: NuGet would take an older package of the same version from its cache.
        string suffix = $"test{Environment.ProcessId}";
        string packages = _folder["packages"];
        await Dotnet(RepositoryFiles.Root, "pack", "src/OpenVocab", "-c", "Release", "-o", packages, $"-p:VersionSuffix={suffix}");
        await Dotnet(RepositoryFiles.Root, "pack", "src/OpenVocab.Cli", "-c", "Release", "-o", packages, $"-p:VersionSuffix={suffix}", "-p:RuntimeIdentifiers=linux-x64");
        string version = Path.GetFileNameWithoutExtension(Directory.GetFiles(packages, "OpenVocab.0*.nupkg").Single())["OpenVocab.".Length..];

        await UseLibrary(packages, version);
        await UseTool(packages, version);
    }

    private async Task UseLibrary(string packages, string version)
    {
        string project = Directory.CreateDirectory(_folder["app"]).FullName;
        string central = File.ReadAllText(RepositoryFiles.Get("Directory.Packages.props"));
        string Version(string name) => System.Text.RegularExpressions.Regex.Match(central, $"<{name}>([^<]+)<").Groups[1].Value;
        File.WriteAllText(Path.Combine(project, "Program.cs"), Program);
        File.WriteAllText(Path.Combine(project, "app.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RuntimeIdentifier>linux-x64</RuntimeIdentifier>
                <SelfContained>false</SelfContained>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="OpenVocab" Version="{version}" />
                <PackageReference Include="Microsoft.ML.OnnxRuntime" Version="{Version("OnnxRuntimeVersion")}" />
                <PackageReference Include="OpenCvSharp4.official.runtime.linux-x64" Version="{Version("OpenCvVersion")}" />
              </ItemGroup>
            </Project>
            """);
        await Dotnet(project, "build", "-o", "bin/out", $"-p:RestoreAdditionalProjectSources={packages}");

        string output = await Dotnet(project, "bin/out/app.dll", RepositoryFiles.Get("samples", "media", "dogs.jpg"));

        Assert.Matches(@"^[1-9] dog\s*$", output);
        Assert.True(File.Exists(Path.Combine(project, "out.jpg")));
    }

    private async Task UseTool(string packages, string version)
    {
        await Dotnet(_folder.Path, "tool", "install", "OpenVocab.Tool", "--tool-path", "tools", "--add-source", packages, "--version", version);

        string output = await Run(_folder["tools/openvocab"], "predict", RepositoryFiles.Get("samples", "media", "dogs.jpg"), "--classes", "dog", "--jsonl", "-", "-q");

        Assert.Contains("\"class\":\"dog\"", output, StringComparison.Ordinal);
    }

    private static Task<string> Dotnet(string folder, params string[] arguments) => Start(new("dotnet", arguments[0] is "pack" or "build" ? [.. arguments, "-p:NuGetAudit=false", "--nologo"] : arguments) { WorkingDirectory = folder });

    private Task<string> Run(string program, params string[] arguments) => Start(new(program, arguments) { WorkingDirectory = _folder.Path });

    private static async Task<string> Start(ProcessStartInfo start)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        // A build server that outlives the test would hold its pipes.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}:\n{await output}\n{await error}");
        return await output;
    }
}
