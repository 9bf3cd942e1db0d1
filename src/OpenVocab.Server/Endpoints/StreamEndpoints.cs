using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using OpenVocab.Server.Streams;

namespace OpenVocab.Server.Endpoints;

/// <summary>Which stream to start.</summary>
/// <param name="Id">The name of a configured source.</param>
public sealed record StartRequest(string Id);

/// <summary><c>/v1/streams</c>: what runs, starting and stopping configured sources, and looking at them.</summary>
internal static class StreamEndpoints
{
    /// <summary>Also without frames a viewer hears something this often: so it knows that it is not forgotten, and we see that it left.</summary>
    private static readonly TimeSpan s_heartbeat = TimeSpan.FromSeconds(1);

    private static readonly int[] s_refusesBody =
        [StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType];

    internal static void Map(IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder streams = routes.MapGroup("/v1/streams");
        streams.MapGet("", (StreamHub hub) => hub.Streams.Select(stream => stream.Describe())).WithSummary("All configured streams.").Produces<StreamStatus[]>().Refuses();
        streams.MapGet("/{id}", (string id, StreamHub hub) => Of(hub, id) is { } stream ? Results.Ok(stream.Describe()) : Unknown(id)).WithSummary("One stream.").Produces<StreamStatus>().Refuses(StatusCodes.Status404NotFound);
        streams.MapPost("", StartAsync).WithSummary("Starts a configured source; one that runs goes on.").Accepts<StartRequest>("application/json").Produces<StreamStatus>().Refuses(s_refusesBody);
        streams.MapDelete("/{id}", StopAsync).WithSummary("Stops a stream; it stays configured.").Produces(StatusCodes.Status204NoContent).Refuses(StatusCodes.Status404NotFound);
        streams.MapPut("/{id}/follow", PutFollowAsync).WithSummary("Tracks and counts, or not, from the next frame on.").Accepts<FollowRequest>("application/json").Produces<StreamStatus>().Refuses(s_refusesBody);
        streams.MapGet("/{id}/mjpeg", MjpegAsync).WithSummary("The live picture with its boxes, as browsers and players show it; ends when the stream does.").Produces(StatusCodes.Status200OK, contentType: "multipart/x-mixed-replace")
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status429TooManyRequests);
        streams.MapGet("/{id}/events", EventsAsync).WithSummary("Results as server-sent events: \"result\" for every frame, \"state\" once a second and at each change.").Produces(StatusCodes.Status200OK, contentType: "text/event-stream")
            .Refuses(StatusCodes.Status404NotFound, StatusCodes.Status429TooManyRequests);
        streams.MapGet("/{id}/socket", SocketAsync).WithSummary("A WebSocket for the page. Text: the stream's state. Binary: the length of a result (4 bytes, little-endian), the result as JSON, the picture as JPEG.")
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status429TooManyRequests);
    }

    private static LiveStream? Of(StreamHub hub, string id) => hub.Find(id);

    private static async Task<IResult> StartAsync(HttpRequest request, StreamHub hub, CancellationToken cancellationToken)
    {
        const string Example = "{\"id\": \"door\"}, with an id that GET /v1/streams lists";
        JsonElement body = RequestBody.Parse(await RequestBody.ReadTextAsync(request, cancellationToken).ConfigureAwait(false), Example, "id");
        body.TryGetProperty("id", out JsonElement field);
        string id = RequestBody.Text(field, "id", Example);
        if (Of(hub, id) is not { } stream) { return Unknown(id); }
        await stream.StartAsync().ConfigureAwait(false);
        return Results.Ok(stream.Describe());
    }

    private static async Task<IResult> StopAsync(string id, StreamHub hub)
    {
        if (Of(hub, id) is not { } stream) { return Unknown(id); }
        await stream.StopAsync().ConfigureAwait(false);
        return Results.NoContent();
    }

    private static async Task<IResult> PutFollowAsync(string id, HttpRequest request, StreamHub hub, CancellationToken cancellationToken)
    {
        if (Of(hub, id) is not { } stream) { return Unknown(id); }
        stream.Follow = FollowBody.Parse(await RequestBody.ReadTextAsync(request, cancellationToken).ConfigureAwait(false)).ToSettings();
        return Results.Ok(stream.Describe());
    }

    private static async Task<IResult> MjpegAsync(string id, HttpContext context, StreamHub hub, IHostApplicationLifetime lifetime)
    {
        if (Of(hub, id) is not { } stream) { return Unknown(id); }
        if (!stream.Runs) { return NotRunning(stream); }
        using FrameBroadcast.Viewer? viewer = stream.Broadcast.Join(ViewerKind.Annotated);
        if (viewer is null) { return TooMany(context); }
        using CancellationTokenSource stop = StopWith(context, lifetime);
        HttpResponse response = context.Response;
        response.ContentType = "multipart/x-mixed-replace; boundary=frame";
        response.Headers.CacheControl = "no-store";
        try
        {
            // At once, and not with the first frame: a camera may be long in coming.
            await response.Body.FlushAsync(stop.Token).ConfigureAwait(false);
            while (stream.Runs)
            {
                if (await viewer.NextAsync(stop.Token).ConfigureAwait(false) is not { Annotated: { } picture }) { continue; }
                await response.WriteAsync($"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: {picture.Length}\r\n\r\n", stop.Token).ConfigureAwait(false);
                await response.Body.WriteAsync(picture, stop.Token).ConfigureAwait(false);
                await response.WriteAsync("\r\n", stop.Token).ConfigureAwait(false);
            }
            return Results.Empty;
        }
        catch (OperationCanceledException) { return Results.Empty; } // the viewer left, or the server ends
    }

    private static async Task<IResult> EventsAsync(string id, HttpContext context, StreamHub hub, IHostApplicationLifetime lifetime)
    {
        if (Of(hub, id) is not { } stream) { return Unknown(id); }
        using FrameBroadcast.Viewer? viewer = stream.Broadcast.Join(ViewerKind.Results);
        if (viewer is null) { return TooMany(context); }
        using CancellationTokenSource stop = StopWith(context, lifetime);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await WatchAsync(
                stream, viewer, (frame, token) => SendEvent(context.Response, "result", frame.Json, token),
                (state, token) => SendEvent(context.Response, "state", state, token), stop.Token).ConfigureAwait(false);
            return Results.Empty;
        }
        catch (OperationCanceledException) { return Results.Empty; }
    }

    private static async Task<IResult> SocketAsync(string id, HttpContext context, StreamHub hub, IHostApplicationLifetime lifetime)
    {
        if (Of(hub, id) is not { } stream) { return Unknown(id); }
        if (!context.WebSockets.IsWebSocketRequest) { return Problems.Of(StatusCodes.Status400BadRequest, "This address is for WebSockets.", $"Open it as one, or read /v1/streams/{id}/events."); }
        using FrameBroadcast.Viewer? viewer = stream.Broadcast.Join(ViewerKind.Pictures);
        if (viewer is null) { return TooMany(context); }
        using CancellationTokenSource stop = StopWith(context, lifetime);
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync().ConfigureAwait(false);
        Task reading = WaitForCloseAsync(socket, stop);
        try
        {
            await WatchAsync(
                stream, viewer, (frame, token) => socket.SendAsync(Pack(frame), WebSocketMessageType.Binary, true, token),
                (state, token) => socket.SendAsync(state, WebSocketMessageType.Text, true, token).AsTask(), stop.Token).ConfigureAwait(false);
        }
        catch (Exception left) when (left is OperationCanceledException or WebSocketException) { }
        await stop.CancelAsync().ConfigureAwait(false);
        await reading.ConfigureAwait(false);
        return Results.Empty;
    }

    // Frames as they come; the state when it changes, and now and then.
    private static async Task WatchAsync(
        LiveStream stream, FrameBroadcast.Viewer viewer, Func<PublishedFrame, CancellationToken, Task> sendFrame, Func<ReadOnlyMemory<byte>, CancellationToken, Task> sendState, CancellationToken stop)
    {
        string told = "";
        long toldAt = 0;
        TimeProvider clock = TimeProvider.System;
        while (true)
        {
            StreamStatus status = stream.Describe();
            if (status.State != told || clock.GetElapsedTime(toldAt) >= s_heartbeat)
            {
                await sendState(JsonSerializer.SerializeToUtf8Bytes(status, JsonSerializerOptions.Web), stop).ConfigureAwait(false);
                (told, toldAt) = (status.State, clock.GetTimestamp());
            }
            using CancellationTokenSource wait = CancellationTokenSource.CreateLinkedTokenSource(stop);
            wait.CancelAfter(s_heartbeat);
            try
            {
                if (await viewer.NextAsync(wait.Token).ConfigureAwait(false) is { } frame) { await sendFrame(frame, stop).ConfigureAwait(false); }
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested) { } // no frame for a second: the state is due
        }
    }

    private static async Task SendEvent(HttpResponse response, string name, ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        await response.WriteAsync($"event: {name}\ndata: ", cancellationToken).ConfigureAwait(false);
        await response.Body.WriteAsync(json, cancellationToken).ConfigureAwait(false);
        await response.WriteAsync("\n\n", cancellationToken).ConfigureAwait(false);
        await response.Body.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    private static byte[] Pack(PublishedFrame frame)
    {
        byte[] picture = frame.Picture!, packed = new byte[4 + frame.Json.Length + picture.Length];
        BinaryPrimitives.WriteInt32LittleEndian(packed, frame.Json.Length);
        frame.Json.CopyTo(packed.AsMemory(4));
        picture.CopyTo(packed, 4 + frame.Json.Length);
        return packed;
    }

    private static async Task WaitForCloseAsync(WebSocket socket, CancellationTokenSource stop)
    {
        byte[] nothing = new byte[256];
        try
        {
            while ((await socket.ReceiveAsync(nothing.AsMemory(), stop.Token).ConfigureAwait(false)).MessageType != WebSocketMessageType.Close) { }
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stop.Token).ConfigureAwait(false);
        }
        catch (Exception left) when (left is OperationCanceledException or WebSocketException) { }
        await stop.CancelAsync().ConfigureAwait(false);
    }

    private static CancellationTokenSource StopWith(HttpContext context, IHostApplicationLifetime lifetime) =>
        CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);

    private static IResult Unknown(string id) =>
        Problems.Of(StatusCodes.Status404NotFound, $"There is no stream \"{RequestBody.Short(id)}\".", "GET /v1/streams lists those that are configured.");

    private static IResult NotRunning(LiveStream stream) =>
        Problems.Of(StatusCodes.Status409Conflict, $"The stream \"{stream.Id}\" does not run: it is {stream.Describe().State}.", $"Start it: POST /v1/streams {{\"id\": \"{stream.Id}\"}}.");

    private static IResult TooMany(HttpContext context) => Problems.ComeBack(context, "5", "As many look at this stream as may.", "Come back when somebody has left.");
}
