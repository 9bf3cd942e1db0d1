using OpenVocab.Cli.Plots;

namespace OpenVocab.Cli.Tests.Plots;

public sealed class PlotFontTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void There_is_a_font_without_serifs() => Assert.Contains(PlotFont.Family, new[] { "DejaVu Sans", "Liberation Sans", "Noto Sans", "Open Sans", "Arial", "Segoe UI", "Helvetica" });

    [Fact]
    public void Names_that_the_usual_font_has_are_written_in_it() => Assert.Equal(PlotFont.Family, PlotFont.For("dog", "Käse", "two\nlines"));

    [Fact]
    public void Names_that_no_font_has_are_written_all_the_same() => Assert.NotEqual("", PlotFont.For("\U0010FFFD"));

    [Fact]
    public void A_line_that_is_too_wide_is_written_smaller()
    {
        ScottPlot.LabelStyle wide = new(), narrow = new();

        PlotFont.Fit(wide, new string('W', 100), 20, most: 300);
        PlotFont.Fit(narrow, "W\nW", 20, most: 300);

        Assert.Equal(20, narrow.FontSize);
        Assert.InRange(PlotFont.Width(wide.Text, wide.FontName, wide.FontSize), 250, 301);
    }

    /// <summary>The loader tells which libraries it opens: drawing's are 14 MB that a detection does not need.</summary>
    [Fact]
    public async Task What_does_not_draw_does_not_load_the_library_that_does()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "LD_DEBUG is glibc's");

        OpenVocabProcess.Outcome start = await OpenVocabProcess.RunAsync(_folder.Path, ["tokenize"], "dog"u8.ToArray(), new() { ["LD_DEBUG"] = "files" });
        OpenVocabProcess.Outcome doctor = await OpenVocabProcess.RunAsync(_folder.Path, ["doctor"], environment: new() { ["LD_DEBUG"] = "files" });

        Assert.Equal(0, start.ExitCode);
        Assert.DoesNotContain("libSkiaSharp", start.Error, StringComparison.Ordinal);
        Assert.Contains("libSkiaSharp", doctor.Error, StringComparison.Ordinal);
    }
}
