using OpenVocab.Server.Events;
using OpenVocab.Sources;

namespace OpenVocab.Server.Tests.Events;

public class PresenceSinkTests
{
    private static readonly OpenVocab.Prompts.Vocabulary s_vocabulary = TestResults.VocabularyOf("person", "dog");

    [Fact]
    public void A_class_appears_after_a_few_frames_and_leaves_after_a_while()
    {
        List<PresenceEvent> told = [];
        using PresenceSink sink = new("door", new() { Frames = 2, LeaveAfter = TimeSpan.FromSeconds(1) }, told.Add);
        See(sink, 0.0, 0, 0);
        See(sink, 0.1);
        See(sink, 0.2, 0);
        See(sink, 1.1); // not seen for less than a second
        See(sink, 1.15, 0);
        See(sink, 2.3);
        See(sink, 2.4, 1);

        Assert.Equal([("person", "appeared"), ("person", "left")], told.Select(happened => (happened.Class, happened.Event)));
        Assert.Equal((DateTimeOffset.UnixEpoch, 1, 0.9f), (told[0].At, told[0].Count, told[0].Score));
        Assert.Null(told[0].Seconds);
        Assert.Equal((DateTimeOffset.UnixEpoch.AddSeconds(1.15), 1.15), (told[1].At, told[1].Seconds));
    }

    [Fact]
    public void The_end_of_a_stream_is_the_end_of_all_that_was_there_and_a_false_alarm_is_nothing()
    {
        List<PresenceEvent> told = [];
        using PresenceSink sink = new("door", new() { Frames = 3 }, told.Add);
        foreach (double time in (double[])[0, 1, 2, 3]) { See(sink, time, 0, 0, 0); }
        See(sink, 3.1, 1);
        sink.EndSource(new() { Source = new() { Name = "door", Kind = SourceKind.Camera } });
        Assert.Equal([("person", "appeared", 3), ("person", "left", 3)], told.Select(happened => (happened.Class, happened.Event, happened.Count)));
    }

    private static void See(PresenceSink sink, double seconds, params int[] classes)
    {
        using Frame frame = TestResults.Frame(32, 32);
        frame.CapturedAt = DateTimeOffset.UnixEpoch.AddSeconds(seconds);
        sink.Write(frame, TestResults.Result(s_vocabulary, 32, 32, [.. classes.Select(id => new Detection(id, 0.9f, new Box(0, 0, 9, 9)))]));
    }
}
