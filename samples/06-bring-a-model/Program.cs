using OpenVocab;
using OpenVocab.Models;

// yolov8s-worldv2.pt, and what embeds words: a folder with CLIP ViT-B/32, or a bundle.
ImportedModel made = ModelImporter.Import(args[0], "my-detector", new() { TextEncoder = args.ElementAtOrDefault(1) });
Console.WriteLine($"{made.Description}; classes of its own: {string.Join(", ", made.Classes.Take(3))} …");
foreach (string note in made.Notes) { Console.WriteLine($"note: {note}"); }

using var detector = Detector.Load(made.Folder);
if (args.Length > 1) { detector.SetClasses("dog", "red backpack"); }
