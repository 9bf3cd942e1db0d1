using System.CommandLine;
using OpenVocab.Fuzz;

Option<int> inputs = new("--inputs") { Description = "How many files.", DefaultValueFactory = _ => 10_000_000 };
Option<double> minutes = new("--minutes") { Description = "Ends after so many.", DefaultValueFactory = _ => 30 };
Option<int> seed = new("--seed") { Description = "The same seed gives the same files.", DefaultValueFactory = _ => Environment.TickCount };
Option<int> largest = new("--largest") { Description = "Size of the largest file to begin with, in bytes.", DefaultValueFactory = _ => 2_000_000 };
Option<string> culprit = new("--keep") { Description = "Where the file is written that is being tried: after a crash it is the one.", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "openvocab-fuzz.bin") };
RootCommand command = new("Feeds damaged and hostile checkpoints to the readers: no crash, no hang over 5 s, no growth over 512 MB.") { inputs, minutes, seed, largest, culprit };
command.SetAction(parsed =>
{
    int chosen = parsed.GetValue(seed);
    Console.WriteLine($"seed {chosen}");
    byte[] current = [];
    // A crash of the process leaves no time to write: a hang does.
    using Timer watchdog = new(_ => File.WriteAllBytes(parsed.GetValue(culprit)!, Volatile.Read(ref current)), null, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
    FuzzReport report = new CheckpointFuzzer(FuzzSeeds.UpTo(parsed.GetValue(largest)), chosen).Run(parsed.GetValue(inputs), TimeSpan.FromMinutes(parsed.GetValue(minutes)), input => Volatile.Write(ref current, input));
    Console.WriteLine(FormattableString.Invariant($"{report.Inputs} files, {report.Accepted} read, slowest {report.Slowest.TotalMilliseconds:0} ms, growth {report.Growth / 1e6:0} MB"));
    if (report.Failure is null) { return 0; }
    File.WriteAllBytes(parsed.GetValue(culprit)!, report.Culprit!);
    Console.WriteLine($"FAILED, {parsed.GetValue(culprit)}: {report.Failure}");
    return 1;
});
return command.Parse(args).Invoke();
