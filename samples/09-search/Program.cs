using OpenVocab.Clip;
using OpenVocab.Search;

// The bundle of a CLIP: openvocab models pull clip-vit-b-32, or openvocab models import … -o clip.
using var clip = ClipImageEncoder.Load(args[0]);
using ImageIndex index = ImageIndex.OpenOrCreate("photos.index", new ClipEmbedder(clip));

// What is new or has changed since the last time is embedded; what is gone is removed.
IndexReport report = index.Update(args[1]);
Console.WriteLine($"{report.Added} new, {report.Changed} changed, {report.Removed} gone, {report.Failed.Count} unreadable");

foreach (ImageHit hit in index.Query("a dog on a beach", 3)) { Console.WriteLine($"{hit.Score:0.000} {hit.Name}"); }

// Words and pictures are added, and what is not wanted is subtracted.
using var picture = OpenVocab.Imaging.ImageFile.Read(args[2]);
foreach (ImageHit hit in index.Query(new ImageQuery(picture).And("at night").Not("people"), 3)) { Console.WriteLine($"{hit.Score:0.000} {hit.Name}"); }
