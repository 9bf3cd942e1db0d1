namespace OpenVocab.Cli.Live;

/// <summary>Commands that come as lines on standard input while a run goes on: <c>/classes cat, dog</c>, <c>/quit</c>, <c>/help</c>.</summary>
internal sealed class LineCommands(LiveWords words, Action stop, Action<string> say)
{
    private const string Help = "/classes WORDS changes the words (\"/classes person, red backpack:0.3\"), /quit ends, /help says this.";

    /// <summary>Reads on a thread of its own, to the end of the input; the end of the input does not end the run.</summary>
    internal void Listen(TextReader input) => new Thread(() =>
    {
        try
        {
            while (input.ReadLine() is { } line) { Take(line.Trim()); }
        }
        catch (IOException) { } // the terminal was closed
    }) { IsBackground = true, Name = "OpenVocab commands" }.Start();

    internal void Take(string line)
    {
        string[] parts = line.Split([' ', '\t'], 2, StringSplitOptions.TrimEntries);
        switch (parts[0])
        {
            case "": break;
            case "/classes" when parts.Length == 2: words.Change(parts[1]); break;
            case "/quit" or "/q": stop(); break;
            case "/help" or "/classes": say(Help); break;
            default: say($"error: \"{parts[0]}\" is no command. {Help}"); break;
        }
    }
}
