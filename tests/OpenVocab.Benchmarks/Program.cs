if (args is ["coco-files", { } folder]) { OpenVocab.Benchmarks.CocoFiles.Write(folder); }
else { BenchmarkDotNet.Running.BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args); }
