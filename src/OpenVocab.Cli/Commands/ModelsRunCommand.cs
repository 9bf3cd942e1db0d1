using System.CommandLine;
using OpenVocab.Bundles;
using OpenVocab.Models;

namespace OpenVocab.Cli.Commands;

/// <summary><c>openvocab models run</c>: a bundle's graph on arrays, for comparing with other implementations.</summary>
internal static class ModelsRunCommand
{
    internal static Command Create()
    {
        Argument<string> bundle = new("BUNDLE") { Description = "Folder of a bundle, an ONNX file, or the name of a model that was pulled." };
        Option<string?> role = new("--role") { Description = "Which graph. Without it, the one that the arrays fit." };
        role.AcceptOnlyFromAmong(BundleRoles.Detector, BundleRoles.TextEncoder, BundleRoles.ImageEncoder);
        Option<string> input = new("--input")
        {
            Description = "images [B,3,H,W] (float32 0 to 1, or uint8 0 to 255) and text [K,D] (without it, the bundle's own words); or input_ids [N,L]; or pixel_values [N,3,S,S].", HelpName = "IN.npz", Required = true,
        };
        Option<string> output = new("--output") { Description = "Gets the outputs as float32, under the graph's names.", HelpName = "OUT.npz", Required = true };
        Command command = new("run", "Runs a graph of a bundle on the arrays of an .npz file, as they are.") { bundle, role, input, output };
        command.SetAction(parsed =>
        {
            foreach ((string name, IReadOnlyList<long> shape) in ModelRunner.Run(PulledModels.Resolve(parsed.GetRequiredValue(bundle)), parsed.GetValue(role), parsed.GetRequiredValue(input), parsed.GetRequiredValue(output)))
            {
                parsed.InvocationConfiguration.Error.WriteLine($"{name} [{string.Join(", ", shape)}]");
            }
            return ExitCodes.Success;
        });
        return command;
    }
}
