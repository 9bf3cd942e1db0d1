using Microsoft.Playwright;
using OpenVocab.Server.Tests;
using static Microsoft.Playwright.Assertions;

namespace OpenVocab.Page.Tests;

public sealed class PageTests : IAsyncLifetime
{
    private static readonly string s_video = RepositoryFiles.Get("samples", "media", "pedestrians.mp4");
    private readonly TemporaryFolder _folder = new();
    private Browser _browser = null!;

    public async ValueTask InitializeAsync() => _browser = await Browser.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _folder.Dispose();
        Assert.Empty(_browser.Errors);
    }

    [Fact(Timeout = 120_000)]
    public async Task Words_that_are_typed_change_the_labels_in_the_live_picture()
    {
        await using TestServer server = await StartAsync(options => options.Classes = OpenVocab.Prompts.PromptSet.Of("car"));
        IPage page = await _browser.OpenAsync(server.Address);
        await Expect(page.Locator("#state")).ToContainTextAsync("live");
        await Expect(page.Locator("#prompt")).ToHaveValueAsync("car");
        await WaitForLabelAsync(page, "car");

        await page.Locator("#prompt").FillAsync("dog, person");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#answer")).ToContainTextAsync("Looking for dog, person; in force after");
        await WaitForLabelAsync(page, "person");
        await Expect(page.Locator("#classes li").Nth(1)).ToContainTextAsync("person");
        Assert.DoesNotContain("car", await LabelsAsync(page), StringComparison.Ordinal);
        await Expect(page.Locator("#numbers")).ToContainTextAsync("Words to first frame");
        await page.Locator("#track").CheckAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('#picture').dataset.labels.includes('#')");
        await page.WaitForTimeoutAsync(3000); // trails to look at
        await Browser.TakePictureAsync(page, "live");
    }

    [Fact(Timeout = 120_000)]
    public async Task Words_that_cannot_be_used_are_answered_and_the_old_ones_stay()
    {
        await using TestServer server = await StartAsync(options => options.Classes = OpenVocab.Prompts.PromptSet.Of("person"));
        IPage page = await _browser.OpenAsync(server.Address);
        await page.Locator("#prompt").FillAsync("dog:many");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#answer")).ToContainTextAsync("what follows the colon is no number");
        await WaitForLabelAsync(page, "person");
    }

    [Fact(Timeout = 120_000)]
    public async Task Words_that_somebody_else_changed_are_shown()
    {
        await using TestServer server = await StartAsync(options => options.Classes = OpenVocab.Prompts.PromptSet.Of("car"));
        IPage page = await _browser.OpenAsync(server.Address);
        await WaitForLabelAsync(page, "car");
        await server.Client.PutAsync("/v1/classes", new StringContent("person"), TestContext.Current.CancellationToken);
        await Expect(page.Locator("#prompt")).ToHaveValueAsync("person");
        await Expect(page.Locator("#classes li")).ToHaveCountAsync(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task A_higher_threshold_leaves_less()
    {
        await using TestServer server = await StartAsync(options => options.Classes = OpenVocab.Prompts.PromptSet.Of("person"));
        IPage page = await _browser.OpenAsync(server.Address);
        await WaitForLabelAsync(page, "person");
        await page.Locator("#threshold").FillAsync("0.95");
        await page.WaitForFunctionAsync("() => document.querySelector('#picture').dataset.labels === ''");
        await Expect(page.Locator("#thresholdValue")).ToHaveTextAsync("0.95");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_picture_that_is_dropped_is_looked_at_and_the_live_picture_comes_back()
    {
        await using TestServer server = await StartAsync(options => options.Classes = OpenVocab.Prompts.PromptSet.Of("dog", "person"));
        IPage page = await _browser.OpenAsync(server.Address);
        await Expect(page.Locator("#state")).ToContainTextAsync("live");
        await DropAsync(page, RepositoryFiles.Get("samples", "media", "dogs.jpg"), "dogs.jpg");
        await Expect(page.Locator("#state")).ToHaveTextAsync("your picture");
        await Expect(page.Locator("#answer")).ToContainTextAsync("dogs.jpg:");
        Assert.Contains("dog", await LabelsAsync(page), StringComparison.Ordinal);
        Assert.Equal("852x1280", await page.EvaluateAsync<string>("() => { const c = document.querySelector('#picture'); return `${c.width}x${c.height}`; }"));
        await Browser.TakePictureAsync(page, "dropped");
        await page.Locator("#back").ClickAsync();
        await Expect(page.Locator("#state")).ToContainTextAsync("live");

        await DropAsync(page, RepositoryFiles.Get("README.md"), "README.md");
        await Expect(page.Locator("#answer")).ToContainTextAsync("this is no picture");
        await Expect(page.Locator("#state")).ToContainTextAsync("live");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_camera_that_is_lost_is_said_and_comes_back()
    {
        byte[] stream = await File.ReadAllBytesAsync(TestVideos.Make(_folder["v.ts"], ["-i", s_video], "-c:v", "libx264", "-g", "5", "-bf", "0", "-pix_fmt", "yuv420p", "-t", "4"), TestContext.Current.CancellationToken);
        await using FaultyStreamServer camera = new(stream, StreamFault.HalfThenClose, StreamFault.NotFound, StreamFault.NotFound, StreamFault.Endless);
        await using TestServer server = await TestServer.StartAsync(options =>
        {
            options.Streams.Add(new("camera", camera.Address));
            options.Source = options.Source with { Live = new() { Backoff = [TimeSpan.FromSeconds(1)] } };
        });
        IPage page = await _browser.OpenAsync(server.Address);
        await Expect(page.Locator("#overlay")).ToContainTextAsync("Lost: ");
        await Expect(page.Locator("#state")).ToHaveTextAsync("lost");
        await Browser.TakePictureAsync(page, "lost");
        await Expect(page.Locator("#overlay")).ToBeHiddenAsync();
        await Expect(page.Locator("#state")).ToContainTextAsync("live");
    }

    [Fact(Timeout = 120_000)]
    public async Task Zones_and_lines_are_drawn_with_mouse_and_keyboard_and_count()
    {
        await using TestServer server = await StartAsync(options => options.Classes = OpenVocab.Prompts.PromptSet.Of("person"));
        IPage page = await _browser.OpenAsync(server.Address);
        await WaitForLabelAsync(page, "person");
        await page.Locator("#drawZone").ClickAsync();
        LocatorBoundingBoxResult box = (await page.Locator("#picture").BoundingBoxAsync())!;
        foreach ((float x, float y) in ((float, float)[])[(0.02f, 0.02f), (0.98f, 0.02f), (0.98f, 0.98f)]) { await page.Mouse.ClickAsync(box.X + x * box.Width, box.Y + y * box.Height); }
        await page.Mouse.DblClickAsync(box.X + 0.02f * box.Width, box.Y + 0.98f * box.Height);
        await Expect(page.Locator("#regions li")).ToHaveCountAsync(1);
        await Expect(page.Locator("#regions li").First).ToContainTextAsync("inside");
        await Expect(page.Locator("#track")).ToBeCheckedAsync();

        await page.Locator("#drawLine").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        for (int i = 0; i < 10; i++) { await page.Keyboard.PressAsync("ArrowLeft"); }
        await page.Keyboard.PressAsync("Space");
        for (int i = 0; i < 20; i++) { await page.Keyboard.PressAsync("ArrowRight"); }
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("#regions li")).ToHaveCountAsync(2);
        await Expect(page.Locator("#regions li").Nth(1)).ToContainTextAsync("line 1");
        await page.WaitForTimeoutAsync(3000);
        await Browser.TakePictureAsync(page, "counting");
        await page.Locator("#regions button").First.ClickAsync();
        await Expect(page.Locator("#regions li")).ToHaveCountAsync(1);
    }

    [Fact(Timeout = 120_000)]
    public async Task On_a_phone_in_the_dark_nothing_lies_beside_the_screen()
    {
        await using TestServer server = await StartAsync(options => options.Classes = OpenVocab.Prompts.PromptSet.Of("person"));
        IPage page = await _browser.OpenAsync(server.Address, 390, 844, ColorScheme.Dark, phone: true);
        await WaitForLabelAsync(page, "person");
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));
        await Browser.TakePictureAsync(page, "phone");
    }

    [Fact(Timeout = 120_000)]
    public async Task A_server_with_a_token_asks_for_it_once()
    {
        await using TestServer server = await StartAsync(options => (options.Token, options.Classes) = ("correct horse", OpenVocab.Prompts.PromptSet.Of("person")));
        IPage page = await _browser.OpenAsync(server.Address);
        await Expect(page.Locator("#login")).ToBeVisibleAsync();
        await page.Locator("#token").FillAsync("wrong horse");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#loginAnswer")).ToHaveTextAsync("The token is wrong. Give the one with which the server was started.");
        await page.Locator("#token").FillAsync("correct horse");
        await page.Keyboard.PressAsync("Enter");
        await WaitForLabelAsync(page, "person");
        await page.ReloadAsync();
        await WaitForLabelAsync(page, "person");
    }

    [Fact(Timeout = 120_000)]
    public async Task Everything_can_be_reached_with_the_keyboard()
    {
        await using TestServer server = await StartAsync(options => options.Classes = OpenVocab.Prompts.PromptSet.Of("person"));
        IPage page = await _browser.OpenAsync(server.Address);
        await WaitForLabelAsync(page, "person");
        HashSet<string> reached = [];
        for (int i = 0; i < 20; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            reached.Add(await page.EvaluateAsync<string>("() => document.activeElement.id"));
        }
        Assert.Superset(new HashSet<string> { "stream", "theme", "picture", "prompt", "threshold", "track", "drawZone", "drawLine", "file", "switch" }, reached);
    }

    [Fact(Timeout = 120_000)]
    public async Task Without_a_stream_pictures_can_still_be_dropped()
    {
        await using TestServer server = await TestServer.StartAsync(options => options.Classes = OpenVocab.Prompts.PromptSet.Of("dog"));
        IPage page = await _browser.OpenAsync(server.Address);
        await Expect(page.Locator("#overlay")).ToContainTextAsync("No stream is configured");
        await DropAsync(page, RepositoryFiles.Get("samples", "media", "dogs.jpg"), "dogs.jpg");
        await Expect(page.Locator("#overlay")).ToBeHiddenAsync();
        Assert.Contains("dog", await LabelsAsync(page), StringComparison.Ordinal);
    }

    [Fact(Timeout = 120_000)]
    public async Task What_was_seen_is_searched_with_the_keyboard_where_the_server_remembers()
    {
        await using TestServer server = await StartAsync(options => (options.Classes, options.Remember) = (OpenVocab.Prompts.PromptSet.Of("person"), _folder["seen.index"]));
        IPage page = await _browser.OpenAsync(server.Address, height: 1400);
        await Expect(page.Locator("#seen")).ToBeVisibleAsync();
        await WaitForLabelAsync(page, "person");
        await page.WaitForTimeoutAsync(6000); // things are put away while they are there
        await page.GetByLabel("Search what the streams have shown").FocusAsync();
        await page.Keyboard.TypeAsync("person");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#seenAnswer")).ToContainTextAsync("found among");
        await Expect(page.Locator("#seenThings li").First).ToContainTextAsync("pedestrians");
        await page.WaitForFunctionAsync("() => { const pictures = [...document.querySelectorAll('#seenThings img')]; return pictures.length > 0 && pictures[0].complete && pictures[0].naturalHeight > 8; }");
        await Browser.TakePictureAsync(page, "seen");
        // What somebody types stays text.
        await page.Locator("#seenWords").FillAsync("<img src=x>:2");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#seenAnswer.bad")).ToBeVisibleAsync();
        await Expect(page.Locator("#seenThings li")).ToHaveCountAsync(0);

        await using TestServer other = await StartAsync(options => options.Classes = OpenVocab.Prompts.PromptSet.Of("person"));
        IPage without = await _browser.OpenAsync(other.Address);
        await WaitForLabelAsync(without, "person");
        await Expect(without.Locator("#seen")).ToBeHiddenAsync();
    }

    private static Task<TestServer> StartAsync(Action<OpenVocab.Server.OpenVocabOptions> configure) => TestServer.StartAsync(options =>
    {
        options.Streams.Add(new("pedestrians", s_video));
        options.Detector = new(); // the size that users see
        configure(options);
    });

    private static Task<string> LabelsAsync(IPage page) => page.EvaluateAsync<string>("() => document.querySelector('#picture').dataset.labels");

    private static async Task WaitForLabelAsync(IPage page, string name) =>
        await page.WaitForFunctionAsync("name => document.querySelector('#picture').dataset.labels?.includes(name)", name);

    private static async Task DropAsync(IPage page, string path, string name)
    {
        IJSHandle transfer = await page.EvaluateHandleAsync(
            "([base64, name]) => { const data = new DataTransfer(); data.items.add(new File([Uint8Array.from(atob(base64), c => c.charCodeAt(0))], name)); return data; }",
            new[] { Convert.ToBase64String(await File.ReadAllBytesAsync(path)), name });
        await page.DispatchEventAsync("body", "drop", new { dataTransfer = transfer });
    }
}
