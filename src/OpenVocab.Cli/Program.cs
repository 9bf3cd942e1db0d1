using OpenVocab.Cli;
using OpenVocab.Cli.Terminal;

NativeNoise.Silence();
return await CommandLine.RunAsync(args, Console.Out, Console.Error);
