namespace OpenVocab.Tests;

public class BoxTests
{
    [Fact]
    public void Width_and_height_are_differences_of_the_edges()
    {
        Box box = new(10, 20, 40, 25);

        Assert.Equal((30f, 5f), (box.Width, box.Height));
    }
}
