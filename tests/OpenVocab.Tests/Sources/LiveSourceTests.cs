using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using OpenVocab.Sources;

namespace OpenVocab.Tests.Sources;

/// <summary>The real ffmpeg against servers that misbehave; the clock is ours, so that no test waits for a watchdog.</summary>
public sealed class LiveSourceTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrentQueue<SourceStateChange> _changes = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly Frame _frame = new();

    public void Dispose()
    {
        _frame.Dispose();
        _folder.Dispose();
        _changed.Dispose();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_server_that_never_answers_is_left_after_the_time_that_was_set_and_tried_again()
    {
        await using FaultyStreamServer server = new(Stream(160, 120), StreamFault.NeverAnswers, StreamFault.None);
        using IFrameSource source = Open(server.Address);
        Task<bool> reading = ReadAsync(source);
        await server.WaitForConnectionAsync(TestContext.Current.CancellationToken);
        Assert.False(reading.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(5));
        SourceStateChange lost = await NextAsync(SourceState.Waiting);
        Assert.Equal(("no frame for 5 s", 1), (lost.Reason, lost.Attempt));
        Assert.InRange(lost.RetryIn!.Value.TotalSeconds, 0.9, 1.1);

        await AdvanceUntilAsync(reading, lost.RetryIn.Value);
        Assert.True(await reading);
        Assert.Equal((160, 120), (_frame.Width, _frame.Height));
        Assert.Equal([SourceState.Connecting, SourceState.Waiting, SourceState.Connecting, SourceState.Live], _changes.Select(change => change.State));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(StreamFault.HalfThenStall, "no frame for 5 s"), InlineData(StreamFault.HalfThenClose, ""), InlineData(StreamFault.None, "the stream ended")]
    public async Task A_stream_that_ends_or_stalls_in_the_middle_comes_back(StreamFault fault, string reason)
    {
        await using FaultyStreamServer server = new(Stream(160, 120), fault, StreamFault.Endless);
        using IFrameSource source = Open(server.Address);
        long frames = 0;
        while (!_changes.Any(change => change.State == SourceState.Waiting))
        {
            Task<bool> reading = ReadAsync(source);
            await Task.WhenAny(reading, Task.Delay(500, TestContext.Current.CancellationToken));
            // Nothing came for half a second of real time: five seconds of the test's.
            if (!reading.IsCompleted) { await AdvanceUntilAsync(reading, TimeSpan.FromSeconds(1)); }
            Assert.True(await reading);
            Assert.Equal(frames++, _frame.Index);
        }
        Assert.InRange(frames, 5, 60);
        Assert.Contains(reason, _changes.First(change => change.State == SourceState.Waiting).Reason!, StringComparison.Ordinal);
        Assert.Equal(SourceState.Live, _changes.Last().State);
        Assert.Equal(2, server.Connections);
    }

    [Fact(Timeout = 60_000)]
    public async Task Slow_but_alive_is_alive()
    {
        await using FaultyStreamServer server = new(Stream(160, 120), StreamFault.SlowButAlive);
        using IFrameSource source = Open(server.Address);
        for (int i = 0; i < 30; i++)
        {
            // Four seconds of the test's clock between any two frames: the watchdog begins anew with each.
            Assert.True(await ReadAsync(source));
            _clock.Advance(TimeSpan.FromSeconds(4));
        }
        Assert.Equal([SourceState.Connecting, SourceState.Live], _changes.Select(change => change.State));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_stream_may_change_its_size()
    {
        await using FaultyStreamServer server = new(Stream(160, 120), Stream(320, 240), StreamFault.ChangesSize, StreamFault.NeverAnswers);
        using IFrameSource source = Open(server.Address);
        List<int> widths = [];
        while (!widths.Contains(320) || widths.Count < 60)
        {
            if (!await ReadAsync(source)) { break; }
            widths.Add(_frame.Width);
            if (widths.Count == 90) { break; }
        }
        Assert.Equal([160, 320], widths.Distinct());
        Assert.Equal(widths.Order(), widths);
    }

    [Fact(Timeout = 60_000)]
    public async Task Waits_grow_and_it_gives_up_after_the_retries_that_were_allowed()
    {
        await using FaultyStreamServer server = new(Stream(160, 120), StreamFault.NotFound);
        using IFrameSource source = Open(server.Address, new() { MaxRetries = 5 });
        Task<bool> reading = ReadAsync(source);
        List<double> waits = [];
        for (int i = 0; i < 5; i++)
        {
            SourceStateChange lost = await NextAsync(SourceState.Waiting);
            Assert.Contains("404", lost.Reason, StringComparison.Ordinal);
            waits.Add(lost.RetryIn!.Value.TotalSeconds);
            await AdvanceUntilAsync(_changed, lost.RetryIn.Value);
        }
        SourceException given = await Assert.ThrowsAsync<SourceException>(() => reading);
        Assert.Contains("given up after 5 retries", given.Message, StringComparison.Ordinal);
        foreach ((double expected, double wait) in ((double[])[1, 5, 10, 60, 60]).Zip(waits)) { Assert.InRange(wait, 0.9 * expected, 1.1 * expected); }
        Assert.Equal(6, server.Connections);
    }

    [Fact(Timeout = 60_000)]
    public async Task Every_wait_can_be_left()
    {
        await using FaultyStreamServer server = new(Stream(160, 120), StreamFault.NeverAnswers);
        using CancellationTokenSource stop = new();
        using (IFrameSource source = Open(server.Address))
        {
            Task<bool> reading = Task.Run(() => source.TryRead(_frame, stop.Token), TestContext.Current.CancellationToken);
            await server.WaitForConnectionAsync(TestContext.Current.CancellationToken);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(s_patience, TestContext.Current.CancellationToken));
        }
        Assert.Equal(SourceState.Ended, _changes.Last().State);
        Assert.DoesNotContain(Process.GetProcessesByName("ffmpeg"), process => CommandLineOf(process).Contains(server.Address, StringComparison.Ordinal));
    }

    [Fact(Timeout = 60_000)]
    public async Task Passwords_and_keys_are_shown_by_nothing()
    {
        await using FaultyStreamServer server = new(Stream(160, 120), StreamFault.AsksForPassword, StreamFault.AsksForPassword, StreamFault.NotFound);
        string address = $"http://me:p%40ss%20word@127.0.0.1:{server.Port}/camera?key=geheim";
        SourceReference reference = Assert.Single(FrameSources.Find(address));
        using IFrameSource source = FrameSources.Open(reference, new() { Clock = _clock, StateChanged = Note, Live = new() { MaxRetries = 0 } });

        Assert.True(await ReadAsync(source)); // it did log in
        string[] running = [.. Process.GetProcessesByName("ffmpeg").Select(CommandLineOf)];
        while (await ReadAsync(source)) { }

        string[] shown = [reference.ToString(), reference.Name, source.Info.ToString(), source.Damage!, .. _changes.Select(change => change.ToString()), .. running];
        Assert.All(shown, text => Assert.DoesNotMatch("p%40ss|p@ss|word|geheim", text));
        Assert.Contains($"http://***@127.0.0.1:{server.Port}/camera?***", source.Info.Name, StringComparison.Ordinal);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("file:///etc/passwd", "addresses of this kind"), InlineData("concat://a|b", "addresses of this kind"), InlineData("ftp://me:secret@host/a", "addresses of this kind"),
     InlineData("rtsp://me:se/cret@host/1", "%40")]
    public void Other_addresses_are_refused_without_showing_passwords(string address, string words)
    {
        SourceException thrown = Assert.Throws<SourceException>(() => FrameSources.Find(address));
        Assert.Contains(words, thrown.Message + thrown.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("cret", thrown.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_playlist_from_the_network_cannot_read_files_of_this_machine()
    {
        string secret = Path.GetFullPath(TestVideos.Make(_folder["secret.ts"]));
        byte[] playlist = System.Text.Encoding.ASCII.GetBytes($"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile://{secret}\n#EXT-X-ENDLIST\n");
        await using FaultyStreamServer server = new(playlist, StreamFault.None);
        using IFrameSource source = FrameSources.Open(FrameSources.Find(server.Address + ".m3u8")[0], new() { Live = null });
        await Assert.ThrowsAsync<SourceException>(() => ReadAsync(source));
    }

    [Fact(Timeout = 60_000)]
    public async Task Read_like_a_file_a_stream_gives_all_its_frames_and_ends()
    {
        await using FaultyStreamServer server = new(Stream(160, 120), StreamFault.None, StreamFault.HalfThenClose);
        using (IFrameSource source = FrameSources.Open(FrameSources.Find(server.Address)[0], new() { Live = null }))
        {
            Assert.False(source.Info.IsLive);
            int frames = 0;
            while (await ReadAsync(source)) { frames++; }
            Assert.Equal(50, frames);
        }
        using IFrameSource half = FrameSources.Open(FrameSources.Find(server.Address)[0], new() { Live = null });
        while (await ReadAsync(half)) { }
        Assert.NotNull(half.Damage);
    }

    [Fact(Timeout = 60_000)]
    public async Task Rtsp_is_read_and_comes_back_when_it_goes_silent_or_away()
    {
        await using RtspTestServer server = RtspTestServer.Start(TestVideos.Make(_folder["v.mp4"]));
        using IFrameSource source = FrameSources.Open(FrameSources.Find(server.Address)[0], new()
        {
            StateChanged = Note,
            Live = new() { FrameTimeout = TimeSpan.FromSeconds(2), Backoff = [TimeSpan.FromMilliseconds(100)] },
        });
        for (int i = 0; i < 5; i++) { Assert.True(await ReadAsync(source)); }
        server.Silent = true;
        Task<bool> waiting = ReadUntilLostAsync(source);
        await NextAsync(SourceState.Waiting);
        server.Silent = false;
        Assert.True(await waiting.WaitAsync(s_patience, TestContext.Current.CancellationToken));
        server.DropClients();
        await ReadUntilLostAsync(source).WaitAsync(s_patience, TestContext.Current.CancellationToken);

        Assert.True(server.Plays >= 3, $"{server.Plays} plays");
        Assert.Equal((160, 120), (_frame.Width, _frame.Height));
    }

    private byte[] Stream(int width, int height) => File.ReadAllBytes(TestVideos.Make(
        _folder[$"{width}.ts"], ["-f", "lavfi", "-i", $"testsrc2=size={width}x{height}:rate=10:duration=5"], "-c:v", "libx264", "-g", "5", "-bf", "0", "-pix_fmt", "yuv420p"));

    private IFrameSource Open(string address, LiveOptions? live = null) =>
        FrameSources.Open(Assert.Single(FrameSources.Find(address)), new() { Clock = _clock, StateChanged = Note, Live = live ?? new() });

    private void Note(SourceStateChange change)
    {
        _changes.Enqueue(change);
        _changed.Release();
    }

    private Task<bool> ReadAsync(IFrameSource source) => Task.Run(() => source.TryRead(_frame, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

    private async Task<bool> ReadUntilLostAsync(IFrameSource source)
    {
        int before = _changes.Count(change => change.State == SourceState.Live);
        while (_changes.Count(change => change.State == SourceState.Live) == before)
        {
            if (!await ReadAsync(source)) { return false; }
        }
        return true;
    }

    private async Task<SourceStateChange> NextAsync(SourceState state)
    {
        while (true)
        {
            Assert.True(await _changed.WaitAsync(s_patience, TestContext.Current.CancellationToken), $"no change to {state}");
            if (_changes.Last() is { } last && last.State == state) { return last; }
        }
    }

    // Whoever waits may begin to wait only now: the clock goes on until they are through.
    private async Task AdvanceUntilAsync(Task done, TimeSpan step)
    {
        for (int tries = 0; tries < 300 && !done.IsCompleted; tries++)
        {
            _clock.Advance(step);
            await Task.WhenAny(done, Task.Delay(100, TestContext.Current.CancellationToken));
        }
    }

    private async Task AdvanceUntilAsync(SemaphoreSlim signal, TimeSpan step)
    {
        for (int tries = 0; tries < 300 && signal.CurrentCount == 0; tries++)
        {
            _clock.Advance(step);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static string CommandLineOf(Process process)
    {
        try { return File.ReadAllText($"/proc/{process.Id}/cmdline"); }
        catch (IOException) { return ""; }
    }
}
