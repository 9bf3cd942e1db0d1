using Microsoft.Extensions.Time.Testing;
using OpenVocab.Sinks;

namespace OpenVocab.Tests.Sinks;

public class WindowControlsTests
{
    private readonly FakeTimeProvider _clock = new();
    private int _stops;

    [Fact]
    public async Task Words_are_typed_mended_and_put_in_force()
    {
        TaskCompletionSource<string> asked = new();
        WindowControls controls = new(() => _stops++, words =>
        {
            asked.SetResult(words);
            return "done";
        }, _clock);
        Assert.Null(controls.Line);
        Type(controls, "c");
        Assert.Equal("words: _", controls.Line);
        Type(controls, "dog, qx\b\u0001");
        Assert.Equal("words: dog, q_", controls.Line);
        Type(controls, "\r");
        Assert.Equal("dog, q", await asked.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        for (int tries = 0; tries < 200 && controls.Line is null; tries++) { await Task.Delay(10, TestContext.Current.CancellationToken); }
        Assert.Equal("done", controls.Line);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(controls.Line);
        Assert.Equal(0, _stops);
    }

    [Fact]
    public void Escape_throws_a_line_away_first_and_ends_the_run_then()
    {
        WindowControls controls = new(() => _stops++, _ => "", _clock);
        Type(controls, "/dog\u001b");
        Assert.Equal((null, 0), (controls.Line, _stops));
        Type(controls, "\u001b");
        Type(controls, "q");
        Assert.Equal(2, _stops);
    }

    [Fact]
    public void Where_words_cannot_change_c_is_no_key()
    {
        WindowControls controls = new(() => _stops++, clock: _clock);
        Type(controls, "c");
        Assert.Null(controls.Line);
    }

    private static void Type(WindowControls controls, string keys)
    {
        foreach (char key in keys) { controls.Press(key); }
    }
}
