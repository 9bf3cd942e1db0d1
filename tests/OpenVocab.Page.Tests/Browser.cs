using Microsoft.Playwright;

namespace OpenVocab.Page.Tests;

/// <summary>Debian's Chromium, without a window, driven by Playwright. Errors of the page's scripts fail the test.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly string[] s_programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly List<string> _errors = [];

    private Browser(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    internal IReadOnlyList<string> Errors => _errors;

    internal static async Task<Browser> StartAsync()
    {
        string? program = s_programs.FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "there is no Chromium on this machine");
        IPlaywright playwright = await Playwright.CreateAsync();
        IBrowser browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = program,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        return new(playwright, browser);
    }

    internal async Task<IPage> OpenAsync(Uri address, int width = 1280, int height = 860, ColorScheme scheme = ColorScheme.Light, bool phone = false)
    {
        IBrowserContext context = await _browser.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, HasTouch = phone, IsMobile = phone, DeviceScaleFactor = phone ? 2 : 1 });
        IPage page = await context.NewPageAsync();
        page.SetDefaultTimeout(20_000);
        page.PageError += (_, error) => _errors.Add(error);
        await page.GotoAsync(address.ToString());
        return page;
    }

    /// <summary>Where people look at what the page showed; the README's picture is one of them.</summary>
    internal static Task<byte[]> TakePictureAsync(IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(Directory.CreateDirectory(RepositoryFiles.Get("artifacts", "page")).FullName, name + ".png") });

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
