if (args is ["coco-files", { } folder]) { OpenVocab.Benchmarks.CocoFiles.Write(folder); }
else if (args is ["picture-index", { } file, { } rows]) { OpenVocab.Benchmarks.PictureIndex.Measure(file, int.Parse(rows, System.Globalization.CultureInfo.InvariantCulture)); }
else if (args is ["region-index", { } videos, { } views]) { OpenVocab.Benchmarks.RegionIndex.Measure(videos, int.Parse(views, System.Globalization.CultureInfo.InvariantCulture)); }
else if (args is ["ask-agreement", { } score, .. { Length: > 0 } sources]) { await OpenVocab.Benchmarks.AskAgreement.Measure(float.Parse(score, System.Globalization.CultureInfo.InvariantCulture), sources); }
else if (args is ["index-cost", { } video, { } turns]) { await OpenVocab.Benchmarks.AskAgreement.MeasureCost(video, int.Parse(turns, System.Globalization.CultureInfo.InvariantCulture)); }
else { BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args); }
