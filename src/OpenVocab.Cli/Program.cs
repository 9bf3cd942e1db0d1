using System.Globalization;
using OpenVocab.Cli;
using OpenVocab.Cli.Terminal;

NativeNoise.Silence();
// Numbers are read and written with a point, whatever language the machine speaks.
CultureInfo.CurrentCulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
Console.SetError(StandardStream.ErrorWriter());
return await CommandLine.RunAsync(args, StandardStream.OutputWriter(), Console.Error);
