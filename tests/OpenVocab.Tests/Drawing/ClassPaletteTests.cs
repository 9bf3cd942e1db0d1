using OpenCvSharp;
using OpenVocab.Drawing;
using OpenVocab.Prompts;

namespace OpenVocab.Tests.Drawing;

public class ClassPaletteTests
{
    [Fact]
    public void Colours_are_those_of_every_other_run()
    {
        ClassPalette palette = ClassPalette.For(TestResults.VocabularyOf("person", "dog", "red backpack"));

        Scalar[] colors = [palette[0], palette[1], palette[2]];
        Assert.Equal(s_expected, colors);
    }

    [Fact]
    public void Seventy_two_classes_have_seventy_two_colours()
    {
        ClassPalette palette = ClassPalette.For(TestResults.VocabularyOf([.. Enumerable.Range(0, 72).Select(i => $"class number {i}")]));

        Assert.Equal(72, Enumerable.Range(0, 72).Select(i => palette[i]).Distinct().Count());
    }

    [Fact]
    public void An_own_colour_wins()
    {
        PromptSet prompts = new([new ClassPrompt("bag") { Color = "#ff8800" }]);

        Assert.Equal(new Scalar(0x00, 0x88, 0xFF), ClassPalette.For(TestResults.VocabularyOf(prompts))[0]);
    }

    [Fact]
    public void Ink_is_dark_on_light_paper_and_light_on_dark_paper()
    {
        Assert.Equal(Scalar.Black, ClassPalette.Ink(new Scalar(200, 255, 255)));
        Assert.Equal(Scalar.White, ClassPalette.Ink(new Scalar(120, 20, 20)));
    }

    private static readonly Scalar[] s_expected = [new(209, 206, 0), new(11, 134, 184), new(30, 105, 210)];
}
