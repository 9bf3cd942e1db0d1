using System.Diagnostics;
using System.Security.Cryptography;
using OpenVocab.Models.Catalog;

namespace OpenVocab.Models.Tests.Catalog;

/// <summary>A disk of one megabyte, mounted for the test where the system allows it.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly bool _mounted;

    public FullDiskTests()
    {
        _mounted = OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", _folder.Path);
        Assert.SkipUnless(_mounted, "needs the right to mount a small disk");
    }

    public void Dispose()
    {
        if (_mounted) { Run("umount", _folder.Path); }
        _folder.Dispose();
    }

    [Fact(Timeout = 30_000)]
    public async Task A_full_disk_is_an_error_that_says_so_and_the_beginning_stays()
    {
        byte[] content = RandomNumberGenerator.GetBytes(2 * 1024 * 1024);
        await using FaultyFileServer server = new(content, FileFault.None);
        CatalogFile file = new() { Name = "large.pt", Address = new($"{server.Address}/large.pt"), Bytes = content.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(content)) };
        CatalogEntry entry = new() { Name = "large", Title = "Large", Kind = ModelKind.TextImage, License = new("MIT", new("https://example.org/license")), Files = [file] };
        using Downloader downloader = new(new() { Folder = _folder.Path });
        CancellationToken stop = TestContext.Current.CancellationToken;

        ModelException thrown = await Assert.ThrowsAsync<ModelException>(() => downloader.GetAsync([new(entry, file)], cancellationToken: stop));
        Assert.Contains("the disk is full", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("Free some space", thrown.Remedy, StringComparison.Ordinal);
        Assert.InRange(new FileInfo(_folder["large/large.pt.part"]).Length, 500_000, 1024 * 1024);
        Assert.True(Run("mount", "-o", "remount,size=4m", _folder.Path));
        await downloader.GetAsync([new(entry, file)], cancellationToken: stop);

        Assert.Equal(content, File.ReadAllBytes(_folder["large/large.pt"]));
        Assert.Contains("If-Range: \"first\"", server.Requests[1], StringComparison.Ordinal);
    }

    private static bool Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
