if (args is ["coco-files", { } folder]) { OpenVocab.Benchmarks.CocoFiles.Write(folder); }
else if (args is ["picture-index", { } file, { } rows]) { OpenVocab.Benchmarks.PictureIndex.Measure(file, int.Parse(rows, System.Globalization.CultureInfo.InvariantCulture)); }
else { BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args); }
