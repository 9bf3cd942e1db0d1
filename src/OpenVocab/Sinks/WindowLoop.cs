using System.Collections.Concurrent;
using OpenCvSharp;

namespace OpenVocab.Sinks;

/// <summary>
/// The one thread on which all windows live: OpenCV's windows belong to the thread that made them, and its toolkit to one thread at all. It hears keys all the time, also
/// while no frames come; and ends with the last window.
/// </summary>
internal static class WindowLoop
{
    private const int PollMilliseconds = 10;

    private static readonly Lock s_gate = new();
    private static readonly List<PictureWindow> s_windows = [];
    private static readonly BlockingCollection<(Action Work, TaskCompletionSource Done)> s_calls = [];
    private static Thread? s_thread;

    /// <summary>Runs something on the windows' thread and waits for it.</summary>
    internal static void Call(Action work)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        s_calls.Add((work, done));
        lock (s_gate)
        {
            if (s_thread is null)
            {
                s_thread = new Thread(Run) { IsBackground = true, Name = "OpenVocab windows" };
                s_thread.Start();
            }
        }
        done.Task.GetAwaiter().GetResult();
    }

    /// <summary>Keys and closing reach it from now on; on the windows' thread.</summary>
    internal static void Add(PictureWindow window) => s_windows.Add(window);

    /// <summary>On the windows' thread.</summary>
    internal static void Remove(PictureWindow window) => s_windows.Remove(window);

    private static void Run()
    {
        while (true)
        {
            if (s_calls.TryTake(out var call, s_windows.Count > 0 ? 0 : 200)) { Answer(call.Work, call.Done); }
            else if (s_windows.Count > 0) { Listen(); }
            else
            {
                lock (s_gate)
                {
                    if (s_calls.Count > 0) { continue; }
                    s_thread = null;
                    return;
                }
            }
        }
    }

    private static void Answer(Action work, TaskCompletionSource done)
    {
        try
        {
            work();
            done.SetResult();
        }
        catch (OpenCVException fault) { done.SetException(fault); }
    }

    // OpenCV does not say to which window a key went: it goes to all, and controls that several share get it once.
    private static void Listen()
    {
        int key = Cv2.WaitKey(PollMilliseconds);
        foreach (PictureWindow window in s_windows.ToArray()) { window.NoticeClosing(); }
        if (key < 0) { return; }
        foreach (WindowControls controls in s_windows.Select(window => window.Controls).Distinct()) { controls.Press(key & 0xFF); }
    }
}
