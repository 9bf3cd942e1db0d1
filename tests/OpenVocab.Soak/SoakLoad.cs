using System.Net;
using OpenVocab.TestKit;

namespace OpenVocab.Soak;

/// <summary>What people do to a server: they change words, send pictures, and come and go as viewers.</summary>
internal sealed class SoakLoad(Uri address)
{
    private static readonly string[] s_words = ["person", "person, car", "dog, cat, bicycle", "backpack, umbrella", "van:0.3, person:0.5"];
    private readonly byte[] _picture = File.ReadAllBytes(RepositoryFiles.Get("samples", "media", "dogs.jpg"));
    private long _ok, _refused, _failed, _changes;

    internal long Ok => Interlocked.Read(ref _ok);

    internal long Refused => Interlocked.Read(ref _refused);

    internal long Failed => Interlocked.Read(ref _failed);

    internal long Changes => Interlocked.Read(ref _changes);

    internal async Task RunAsync(CancellationToken stop)
    {
        using HttpClient client = new() { BaseAddress = address };
        await Task.WhenAll(Loop(() => ChangeWordsAsync(client, stop), 700, stop), Loop(() => DetectAsync(client, stop), 300, stop), Loop(() => LookAsync(client, stop), 1500, stop));
    }

    private async Task Loop(Func<Task> work, int pause, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await work();
                await Task.Delay(pause, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { return; }
            catch (HttpRequestException) { Interlocked.Increment(ref _failed); }
        }
    }

    private async Task ChangeWordsAsync(HttpClient client, CancellationToken stop)
    {
        using HttpResponseMessage reply = await client.PutAsync("/v1/classes", new StringContent(s_words[Changes % s_words.Length]), stop);
        reply.EnsureSuccessStatusCode();
        Interlocked.Increment(ref _changes);
    }

    private async Task DetectAsync(HttpClient client, CancellationToken stop)
    {
        using HttpResponseMessage reply = await client.PostAsync("/v1/detect?classes=dog", new ByteArrayContent(_picture), stop);
        if (reply.StatusCode == HttpStatusCode.OK) { Interlocked.Increment(ref _ok); }
        else if (reply.StatusCode == HttpStatusCode.TooManyRequests) { Interlocked.Increment(ref _refused); }
        else { Interlocked.Increment(ref _failed); }
    }

    // A viewer that looks for a moment and leaves without a word.
    private static async Task LookAsync(HttpClient client, CancellationToken stop)
    {
        using HttpResponseMessage reply = await client.GetAsync("/v1/streams/camera/mjpeg", HttpCompletionOption.ResponseHeadersRead, stop);
        await using Stream stream = await reply.Content.ReadAsStreamAsync(stop);
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        enough.CancelAfter(TimeSpan.FromSeconds(1));
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, enough.Token) > 0) { }
        }
        catch (OperationCanceledException) { }
    }
}
