using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpenVocab.Models.Catalog;

namespace OpenVocab.Models.Tests.Catalog;

/// <summary>Real connections to a server that misbehaves; the clock is ours, so that no test waits.</summary>
public sealed class DownloaderTests : IDisposable
{
    /// <summary>More than one block, and no multiple of it.</summary>
    private static readonly byte[] s_file = RandomNumberGenerator.GetBytes(300_001);
    private static readonly string s_hash = Convert.ToHexStringLower(SHA256.HashData(s_file));
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();
    private readonly TimerClock _clock = new();
    private readonly List<DownloadProgress> _progress = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Target => _folder["downloads/tiny-model/tiny.pt"];

    public void Dispose() => _folder.Dispose();

    [Fact(Timeout = 30_000)]
    public async Task A_whole_file_gets_its_name_and_nothing_else_stays()
    {
        await using FaultyFileServer server = new(s_file, FileFault.None);

        DownloadedFile file = await GetAsync(Wanted(server));

        Assert.Equal((Target, s_file.Length, s_hash, HashStanding.Known, true), (file.Path, file.Bytes, file.Sha256, file.Standing, file.Fetched));
        Assert.Equal(s_file, File.ReadAllBytes(Target));
        Assert.Equal([".tiny.pt.lock", "tiny.pt"], Directory.GetFiles(Path.GetDirectoryName(Target)!).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains("Accept-Encoding: identity\r\n", server.Requests[0], StringComparison.Ordinal);
        Assert.DoesNotContain("Range:", server.Requests[0], StringComparison.Ordinal);
        Assert.Equal((DownloadStage.Done, s_file.Length), (_progress[^1].Stage, _progress[^1].Bytes));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_that_is_there_is_checked_and_not_fetched_again()
    {
        await using FaultyFileServer server = new(s_file, FileFault.None);
        await GetAsync(Wanted(server));

        DownloadedFile again = await GetAsync(Wanted(server));

        Assert.False(again.Fetched);
        Assert.Equal(1, server.Connections);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_file_that_was_damaged_on_the_disk_is_fetched_again()
    {
        await using FaultyFileServer server = new(s_file, FileFault.None);
        Put(Target, [(byte)~s_file[0], .. s_file[1..]]);

        DownloadedFile file = await GetAsync(Wanted(server));

        Assert.True(file.Fetched);
        Assert.Equal(s_file, File.ReadAllBytes(Target));
        Assert.Contains(_progress, step => step.Stage == DownloadStage.Replacing && step.Message!.Contains("damaged", StringComparison.Ordinal));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(FileFault.DropsMidway, "\"first\""), InlineData(FileFault.DropsMidwayWithDate, "Thu, 01 Jan 2026 00:00:00 GMT")]
    public async Task A_dropped_connection_is_resumed_where_it_stopped(FileFault fault, string validator)
    {
        await using FaultyFileServer server = new(s_file, fault, FileFault.None);

        Task<DownloadedFile> getting = GetAsync(Wanted(server));
        await _clock.PassAsync(s_second);
        await getting;

        Assert.Equal(s_file, File.ReadAllBytes(Target));
        Assert.Contains("Range: bytes=150000-\r\n", server.Requests[1], StringComparison.Ordinal);
        Assert.Contains($"If-Range: {validator}\r\n", server.Requests[1], StringComparison.Ordinal);
        Assert.Contains("trying again in 1 s", _progress.Single(step => step.Stage == DownloadStage.Retrying).Message!, StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(FileFault.DropsMidwayWithoutValidator), InlineData(FileFault.DropsMidwayWithWeakValidator)]
    public async Task Without_a_strong_validator_it_begins_anew(FileFault fault)
    {
        await using FaultyFileServer server = new(s_file, fault, FileFault.None);

        Task<DownloadedFile> getting = GetAsync(Wanted(server));
        await _clock.PassAsync(s_second);
        await getting;

        Assert.Equal(s_file, File.ReadAllBytes(Target));
        Assert.DoesNotContain("Range:", server.Requests[1], StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(FileFault.IgnoresRange, 2)] // 200 is the whole file: it is taken
    [InlineData(FileFault.RangeNotSatisfiable, 3), InlineData(FileFault.AnswersWithAnotherRange, 3)]
    public async Task A_server_that_does_not_give_the_rest_is_asked_for_the_whole(FileFault fault, int requests)
    {
        await using FaultyFileServer server = new(s_file, FileFault.DropsMidway, fault, FileFault.None);

        Task<DownloadedFile> getting = GetAsync(Wanted(server));
        await _clock.PassAsync(s_second);
        if (requests == 3) { await _clock.PassAsync(2 * s_second); }
        await getting;

        Assert.Equal(s_file, File.ReadAllBytes(Target));
        Assert.Equal(requests, server.Requests.Count);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(FileFault.ChangedSince), InlineData(FileFault.ChangedAndIgnoresIfRange)]
    public async Task A_file_that_changes_between_its_halves_is_not_mixed(FileFault fault)
    {
        await using FaultyFileServer server = new(s_file, FileFault.DropsMidway, fault);

        Task<DownloadedFile> getting = GetAsync(Wanted(server) with { File = Unknown(server) });
        await _clock.PassAsync(s_second);
        if (fault == FileFault.ChangedAndIgnoresIfRange) { await _clock.PassAsync(2 * s_second); }
        await getting;

        Assert.Equal(server.Other, File.ReadAllBytes(Target));
    }

    [Fact(Timeout = 30_000)]
    public async Task Silence_for_thirty_seconds_ends_a_try()
    {
        await using FaultyFileServer server = new(s_file, FileFault.NeverAnswers, FileFault.Stalls, FileFault.None);

        Task<DownloadedFile> getting = GetAsync(Wanted(server));
        await server.WaitForStallAsync(Stop);
        _clock.Advance(TimeSpan.FromSeconds(30));
        await _clock.PassAsync(s_second);
        await server.WaitForStallAsync(Stop);
        _clock.Advance(TimeSpan.FromSeconds(30));
        await _clock.PassAsync(2 * s_second);
        await getting;

        Assert.Equal(s_file, File.ReadAllBytes(Target));
        Assert.All(_progress.Where(step => step.Stage == DownloadStage.Retrying), step => Assert.Contains("no byte came for 30 s", step.Message!, StringComparison.Ordinal));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_server_that_wants_to_be_left_alone_is()
    {
        await using FaultyFileServer server = new(s_file, FileFault.Unavailable, FileFault.None);

        Task<DownloadedFile> getting = GetAsync(Wanted(server));
        await _clock.PassAsync(TimeSpan.FromSeconds(7));
        await getting;

        Assert.Contains("503 (Service Unavailable); trying again in 7 s", _progress.Single(step => step.Stage == DownloadStage.Retrying).Message!, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task When_the_ladder_ends_the_error_says_why_and_the_beginning_stays()
    {
        await using FaultyFileServer server = new(s_file, FileFault.DropsMidway, FileFault.Unavailable);

        Task<DownloadedFile> getting = GetAsync(Wanted(server));
        foreach (int seconds in (int[])[1, 7, 7, 8, 15]) { await _clock.PassAsync(TimeSpan.FromSeconds(seconds)); }
        ModelException thrown = await Assert.ThrowsAsync<ModelException>(() => getting);

        Assert.Contains("could not be fetched in 6 tries; at the last one the server answered 503", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("goes on where it stopped", thrown.Remedy, StringComparison.Ordinal);
        Assert.Equal(150_000, new FileInfo(Target + ".part").Length);
    }

    [Fact(Timeout = 30_000)]
    public async Task The_next_run_goes_on_where_a_cancelled_one_stopped()
    {
        await using FaultyFileServer server = new(s_file, FileFault.Stalls, FileFault.None);
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        TaskCompletionSource half = new();
        Task<DownloadedFile> getting = GetAsync(Wanted(server), cancellation: cancel.Token, seen: step => { if (step.Bytes == 150_000) { half.TrySetResult(); } });
        await half.Task.WaitAsync(Stop);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => getting);
        Assert.Equal(150_000, new FileInfo(Target + ".part").Length);

        await GetAsync(Wanted(server));

        Assert.Equal(s_file, File.ReadAllBytes(Target));
        Assert.Contains("Range: bytes=150000-\r\n", server.Requests[1], StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task What_another_address_left_is_not_continued()
    {
        await using FaultyFileServer first = new(s_file, FileFault.Stalls), second = new(s_file, FileFault.None);
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task<DownloadedFile> getting = GetAsync(Wanted(first), cancellation: cancel.Token);
        await first.WaitForStallAsync(Stop);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => getting);

        await GetAsync(Wanted(second));

        Assert.DoesNotContain("Range:", second.Requests[0], StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000), InlineData(FileFault.DeclaresMore, "speaks of 300101"), InlineData(FileFault.SendsMoreInChunks, "sends more")]
    public async Task A_file_that_is_too_long_is_refused_at_once(FileFault fault, string words)
    {
        await using FaultyFileServer server = new(s_file, fault);

        ModelException thrown = await Assert.ThrowsAsync<ModelException>(() => GetAsync(Wanted(server)));

        Assert.Contains($"the file has 300001 bytes, and the server {words}", thrown.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Target + ".part"));
        Assert.Equal(1, server.Connections);
    }

    [Theory(Timeout = 30_000), InlineData(FileFault.DeclaresLess, "speaks of 150000 bytes; the catalogue knows 300001"), InlineData(FileFault.Empty, "speaks of 0 bytes")]
    public async Task A_file_that_is_too_short_is_asked_for_again(FileFault fault, string words)
    {
        await using FaultyFileServer server = new(s_file, fault, FileFault.None);

        Task<DownloadedFile> getting = GetAsync(Wanted(server));
        await _clock.PassAsync(s_second);
        await getting;

        Assert.Equal(s_file, File.ReadAllBytes(Target));
        Assert.Contains(words, _progress.Single(step => step.Stage == DownloadStage.Retrying).Message!, StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_length_that_nobody_knows_comes_in_chunks_or_not_at_all()
    {
        await using FaultyFileServer chunks = new(s_file, FileFault.SendsInChunks), nothing = new(s_file, FileFault.DeclaresNothing);

        ModelException thrown = await Assert.ThrowsAsync<ModelException>(() => GetAsync(Wanted(nothing) with { File = Unknown(nothing) }));
        await GetAsync(Wanted(chunks) with { File = Unknown(chunks) });

        Assert.Contains("without a length", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(s_file, File.ReadAllBytes(Target));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_length_that_the_server_invents_is_never_reached()
    {
        await using FaultyFileServer server = new(s_file, FileFault.DeclaresMore);

        Task<DownloadedFile> getting = GetAsync(Wanted(server) with { File = Unknown(server) });
        foreach (int seconds in (int[])[1, 2, 4, 8, 15]) { await _clock.PassAsync(TimeSpan.FromSeconds(seconds)); }
        ModelException thrown = await Assert.ThrowsAsync<ModelException>(() => getting);

        Assert.Contains("6 tries", thrown.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
    }

    [Fact(Timeout = 30_000)]
    public async Task Another_file_is_deleted_and_both_hashes_are_named()
    {
        await using FaultyFileServer server = new(s_file, FileFault.AnotherFile);

        ModelException thrown = await Assert.ThrowsAsync<ModelException>(() => GetAsync(Wanted(server)));

        Assert.Contains(s_hash, thrown.Message, StringComparison.Ordinal);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(server.Other)), thrown.Message, StringComparison.Ordinal);
        Assert.Contains("--mirror", thrown.Remedy, StringComparison.Ordinal);
        Assert.Equal([".tiny.pt.lock"], Directory.GetFiles(Path.GetDirectoryName(Target)!).Select(Path.GetFileName));
    }

    [Theory(Timeout = 30_000)]
    [InlineData(FileFault.NotFound, "404 (Not Found)"), InlineData(FileFault.WebPage, "with a web page"), InlineData(FileFault.Packs, "with br")]
    public async Task What_would_not_be_better_the_next_time_is_an_error_at_once(FileFault fault, string words)
    {
        await using FaultyFileServer server = new(s_file, fault);

        ModelException thrown = await Assert.ThrowsAsync<ModelException>(() => GetAsync(Wanted(server)));

        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
        Assert.Contains("URL/tiny-model/tiny.pt", thrown.Remedy, StringComparison.Ordinal);
        Assert.Equal(1, server.Connections);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_redirect_is_followed_and_asks_for_the_same_part()
    {
        await using FaultyFileServer server = new(s_file, FileFault.Redirects, FileFault.DropsMidway, FileFault.Redirects, FileFault.None);

        Task<DownloadedFile> getting = GetAsync(Wanted(server));
        await _clock.PassAsync(s_second);
        await getting;

        Assert.Equal(s_file, File.ReadAllBytes(Target));
        Assert.StartsWith("GET /elsewhere?signature=secret ", server.Requests[3], StringComparison.Ordinal);
        Assert.Contains("Range: bytes=150000-\r\n", server.Requests[3], StringComparison.Ordinal);
    }

    [Theory(Timeout = 30_000)]
    [InlineData(FileFault.RedirectsToDisk, "to file:///etc/passwd, which is neither http nor https", 1), InlineData(FileFault.RedirectsInCircles, "more than 10 times", 11)]
    public async Task A_redirect_that_leads_astray_is_refused(FileFault fault, string words, int requests)
    {
        await using FaultyFileServer server = new(s_file, fault);

        ModelException thrown = await Assert.ThrowsAsync<ModelException>(() => GetAsync(Wanted(server)));

        Assert.Contains(words, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(requests, server.Requests.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task Encryption_is_not_lost_by_a_redirect()
    {
        using X509Certificate2 certificate = FaultyFileServer.MakeCertificate();
        await using FaultyFileServer server = new(s_file, certificate, FileFault.RedirectsToPlain);
        using SocketsHttpHandler handler = new() { AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetCertHashString() == certificate.GetCertHashString();

        ModelException thrown = await Assert.ThrowsAsync<ModelException>(() => GetAsync(Wanted(server), handler));

        Assert.Contains("which is not encrypted", thrown.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_server_that_nobody_vouches_for_is_not_asked()
    {
        using X509Certificate2 certificate = FaultyFileServer.MakeCertificate();
        await using FaultyFileServer server = new(s_file, certificate, FileFault.None);

        ModelException thrown = await Assert.ThrowsAsync<ModelException>(() => GetAsync(Wanted(server)));

        Assert.Contains("cannot prove who it is", thrown.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact(Timeout = 30_000)]
    public async Task Two_who_want_the_same_file_fetch_it_once()
    {
        await using FaultyFileServer server = new(s_file, FileFault.DropsMidway, FileFault.None);
        Task<DownloadedFile> first = GetAsync(Wanted(server));
        TimerClock clock = new();
        // The first one holds the lock from its first step to the retry that only its clock lets happen.
        Task<DownloadedFile> second = GetAsync(Wanted(server), clock: clock);
        Assert.False(second.IsCompleted);

        await _clock.PassAsync(s_second);
        DownloadedFile fetched = await first;
        await clock.PassAsync(FileLock.LookEvery);
        DownloadedFile found = await second;

        Assert.Equal((true, false, s_hash), (fetched.Fetched, found.Fetched, found.Sha256));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task Waiting_for_another_process_is_said_once_and_can_be_cancelled()
    {
        await using FaultyFileServer server = new(s_file, FileFault.None);
        using FileLock held = await FileLock.AcquireAsync(_folder["downloads/tiny-model/.tiny.pt.lock"], _clock, null, Stop);
        using CancellationTokenSource cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        Task<DownloadedFile> getting = GetAsync(Wanted(server), cancellation: cancel.Token);
        await _clock.PassAsync(FileLock.LookEvery);
        await _clock.PassAsync(FileLock.LookEvery);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => getting);

        Assert.Equal("tiny.pt: another process fetches it; waiting.", Assert.Single(_progress).Message);
        Assert.Equal(0, server.Connections);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_first_download_is_recorded_and_a_later_one_must_be_the_same()
    {
        await using FaultyFileServer server = new(s_file, FileFault.None, FileFault.None, FileFault.AnotherFile);
        WantedFile wanted = Wanted(server) with { File = Unknown(server) };

        DownloadedFile first = await GetAsync(wanted);
        File.Delete(Target);
        DownloadedFile second = await GetAsync(wanted);
        File.Delete(Target);
        ModelException thrown = await Assert.ThrowsAsync<ModelException>(() => GetAsync(wanted));

        Assert.Equal((HashStanding.New, HashStanding.Recorded), (first.Standing, second.Standing));
        Assert.Contains($"nobody has vouched for tiny-model/tiny.pt so far: it was taken as it came, 300001 bytes with the SHA-256 {s_hash}", _progress.Single(step => step.Stage == DownloadStage.Recorded).Message!, StringComparison.Ordinal);
        Assert.Contains(s_hash, thrown.Message, StringComparison.Ordinal);
        Assert.Contains("hashes.json", thrown.Remedy, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
        Assert.Contains($"\"sha256\": \"{s_hash}\"", File.ReadAllText(_folder["downloads/hashes.json"]), StringComparison.Ordinal);
    }

    [Fact(Timeout = 30_000)]
    public async Task Damaged_records_vouch_for_nothing()
    {
        await using FaultyFileServer server = new(s_file, FileFault.None);
        Put(_folder["downloads/hashes.json"], "{"u8.ToArray());

        ModelException thrown = await Assert.ThrowsAsync<ModelException>(() => GetAsync(Wanted(server) with { File = Unknown(server) }));

        Assert.Contains("the recorded hashes cannot be read", thrown.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
    }

    [Fact(Timeout = 30_000)]
    public async Task Offline_opens_no_connection_and_names_all_that_is_missing()
    {
        await using FaultyFileServer server = new(s_file, FileFault.None);
        WantedFile one = Wanted(server), two = one with { File = one.File with { Name = "other.json" } };
        using Downloader downloader = new(Options with { Offline = true });

        ModelException thrown = await Assert.ThrowsAsync<ModelException>(() => downloader.GetAsync([one, two], cancellationToken: Stop));

        Assert.Contains("tiny-model/tiny.pt, tiny-model/other.json: not there", thrown.Message, StringComparison.Ordinal);
        Assert.Contains($"{server.Address}/tiny.pt{Environment.NewLine}      to {Target}", thrown.Remedy, StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
        Assert.False(Directory.Exists(_folder["downloads"]));
    }

    [Fact(Timeout = 30_000)]
    public async Task Offline_takes_what_was_copied_and_refuses_what_is_damaged()
    {
        await using FaultyFileServer server = new(s_file, FileFault.None);
        Put(Target, s_file);
        using Downloader downloader = new(Options with { Offline = true });
        DownloadedFile file = Assert.Single(await downloader.GetAsync([Wanted(server)], cancellationToken: Stop));
        Put(Target, [(byte)~s_file[0], .. s_file[1..]]);

        ModelException thrown = await Assert.ThrowsAsync<ModelException>(() => downloader.GetAsync([Wanted(server)], cancellationToken: Stop));

        Assert.Equal((s_hash, false), (file.Sha256, file.Fetched));
        Assert.Contains("Copy it again from", thrown.Remedy, StringComparison.Ordinal);
        Assert.True(File.Exists(Target));
        Assert.Equal(0, server.Connections);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_mirror_is_asked_by_entry_and_file_and_its_password_is_shown_nowhere()
    {
        await using FaultyFileServer server = new(s_file, FileFault.None, FileFault.NotFound);
        Uri mirror = new(server.Address.Replace("//", "//me:p%40ss@", StringComparison.Ordinal) + "/weights/");
        WantedFile wanted = Wanted(server) with { File = Unknown(server) with { Address = new("https://publisher.invalid/x") } };
        using Downloader downloader = new(Options with { Mirror = mirror });

        await downloader.GetAsync([wanted], cancellationToken: Stop);
        string records = File.ReadAllText(_folder["downloads/hashes.json"]);
        File.Delete(Target);
        ModelException thrown = await Assert.ThrowsAsync<ModelException>(() => downloader.GetAsync([wanted], cancellationToken: Stop));

        Assert.StartsWith("GET /weights/tiny-model/tiny.pt ", server.Requests[0], StringComparison.Ordinal);
        Assert.Contains($"Authorization: Basic {Convert.ToBase64String("me:p@ss"u8)}\r\n", server.Requests[0], StringComparison.Ordinal);
        Assert.Contains($"{server.Address}/weights/tiny-model/tiny.pt", thrown.Message, StringComparison.Ordinal);
        Assert.All((string[])[thrown.Message, thrown.Remedy, records], text => Assert.DoesNotContain("p%40ss", text, StringComparison.Ordinal));
    }

    [Theory, InlineData("ftp://a/b"), InlineData("https://a/b?key=secret"), InlineData("weights")]
    public void A_mirror_that_cannot_be_asked_is_refused(string mirror)
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => new Downloader(new() { Mirror = new(mirror, UriKind.RelativeOrAbsolute) }));

        Assert.Contains("MIRROR/entry/file", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", thrown.Message, StringComparison.Ordinal);
    }

    private DownloadOptions Options => new() { Folder = _folder["downloads"], Clock = _clock };

    private static WantedFile Wanted(FaultyFileServer server)
    {
        CatalogFile file = new() { Name = "tiny.pt", Address = new($"{server.Address}/tiny.pt"), Bytes = s_file.Length, Sha256 = s_hash };
        return new(new() { Name = "tiny-model", Title = "Tiny", Kind = ModelKind.TextImage, License = new("MIT", new("https://example.org/license")), Files = [file] }, file);
    }

    private static CatalogFile Unknown(FaultyFileServer server) => Wanted(server).File with { Bytes = null, Sha256 = null };

    private async Task<DownloadedFile> GetAsync(WantedFile wanted, HttpMessageHandler? handler = null, TimeProvider? clock = null, CancellationToken? cancellation = null, Action<DownloadProgress>? seen = null)
    {
        using Downloader downloader = new(Options with { Clock = clock ?? _clock }, handler);
        return Assert.Single(await downloader.GetAsync([wanted], new Seen(step =>
        {
            lock (_progress) { _progress.Add(step); }
            seen?.Invoke(step);
        }), cancellation ?? Stop));
    }

    private static void Put(string path, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
    }

    private sealed class Seen(Action<DownloadProgress> action) : IProgress<DownloadProgress>
    {
        public void Report(DownloadProgress value) => action(value);
    }
}
