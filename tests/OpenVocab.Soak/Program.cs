using System.CommandLine;
using OpenVocab.Soak;

// Long runs against a stream server that misbehaves: dotnet run --project tests/OpenVocab.Soak -c Release -- --minutes 10
Option<double> minutes = new("--minutes") { Description = "How long.", DefaultValueFactory = _ => 10 };
Option<string> csv = new("--csv") { Description = "Where the numbers of each second go.", DefaultValueFactory = _ => "soak.csv" };
Option<bool> leak = new("--leak") { Description = "Forget one Mat per frame on purpose: the run must fail in under a minute." };
RootCommand command = new("Loops a video through a faulty stream server, with words that change and requests over HTTP, and watches memory, threads, handles and children.") { minutes, csv, leak };
command.SetAction(async (parsed, cancellation) =>
{
    SoakRun run = new(TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(csv)!, parsed.GetValue(leak));
    IReadOnlyList<string> faults = await run.RunAsync(cancellation);
    foreach (string fault in faults) { Console.Error.WriteLine($"FAILED: {fault}"); }
    return faults.Count == 0 ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();
