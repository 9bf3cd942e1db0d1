namespace OpenVocab.Models.Checkpoints;

/// <summary>What the calls in a pickle mean here: tensors, and containers of Python. A function of torch or of a network's own package becomes a record; one that could do harm is refused by name.</summary>
internal sealed class PickleCalls(long mostElements)
{
    private const int MostTensors = 100_000, MostPairs = 1_000_000;

    // Of Python's own functions a network needs these alone, and they stay names.
    private static readonly HashSet<string> s_builtins = new(StringComparer.Ordinal)
    {
        "set", "frozenset", "getattr", "object", "list", "dict", "tuple", "int", "float", "bool", "complex", "str", "bytes", "bytearray", "slice", "range", "type",
    };

    // Nothing in them is data. Refused already where they are named, so that nobody has to wonder what a record of them would mean.
    private static readonly HashSet<string> s_refused = new(StringComparer.Ordinal)
    {
        "os", "posix", "nt", "posixpath", "ntpath", "subprocess", "sys", "shutil", "socket", "ssl", "pickle", "_pickle", "marshal", "importlib", "imp", "runpy", "zipimport", "ctypes", "_ctypes", "code", "codeop", "pty", "commands",
        "webbrowser", "pip", "multiprocessing", "threading", "_thread", "asyncio", "signal", "operator", "_operator", "inspect", "timeit", "pdb", "bdb", "cProfile", "profile", "trace", "tempfile", "urllib", "http", "requests",
        "ftplib", "smtplib", "telnetlib", "platform", "io", "_io", "linecache", "fileinput", "glob", "atexit", "site", "gc",
    };

    private int _tensors, _pairs;

    /// <summary>The name of a class or function.</summary>
    /// <exception cref="InvalidDataException">It could do harm.</exception>
    internal static PickleGlobal Name(string module, string name)
    {
        string root = module.Split('.')[0];
        bool harmless = root is "builtins" or "__builtin__" ? s_builtins.Contains(name) : root.Length > 0 && name.Length > 0 && !s_refused.Contains(root);
        // A dotted name reaches through a harmless module into another one.
        return harmless && !name.Contains('.', StringComparison.Ordinal) ? new(module, name) : throw new InvalidDataException($"the pickle names {Shorten(module)}.{Shorten(name)}, which is no part of a network: the file may want to run a program");
    }

    /// <summary>What a call gives.</summary>
    /// <exception cref="InvalidDataException">A tensor that does not fit its storage, or a call that could do harm.</exception>
    internal object? Call(PickleGlobal function, PickleTuple arguments) => (function.Module, function.Name) switch
    {
        ("torch._utils", "_rebuild_tensor_v2" or "_rebuild_tensor") => Tensor(arguments.Items),
        ("torch._utils", "_rebuild_parameter" or "_rebuild_parameter_with_state") when arguments.Items is [var value, ..] => value,
        ("torch._tensor", "_rebuild_from_type_v2") when arguments.Items is [PickleGlobal inner, _, PickleTuple of, ..] => Call(inner, of),
        ("torch", "Size") => arguments.Items is [PickleTuple size] ? size : PickleTuple.Empty,
        ("collections", "OrderedDict") => Dictionary(arguments.Items),
        // Not copied: a list that is named again and again would fill the memory.
        ("builtins" or "__builtin__", "set" or "frozenset" or "list") => arguments.Items is [List<object?> items] ? items : new List<object?>(),
        ("builtins" or "__builtin__", "dict") => new PickleDictionary(),
        // Fused networks hold their own method "forward_fuse": the one use that is known.
        ("builtins" or "__builtin__", "getattr") => arguments.Items is [PickleObject, "forward_fuse" or "forward"] ? new PickleObject(function, arguments) : throw new InvalidDataException("the pickle calls getattr for something else than a method of its network"),
        ("builtins" or "__builtin__", "type") => throw new InvalidDataException("the pickle makes a class"),
        _ => new PickleObject(function, arguments),
    };

    /// <summary>What a class makes, before anything is put into it.</summary>
    internal static object Make(PickleGlobal type, PickleTuple arguments) => type switch
    {
        { Module: "collections", Name: "OrderedDict" } => new PickleDictionary(),
        _ => new PickleObject(type, arguments),
    };

    private StoredTensor Tensor(object?[] arguments)
    {
        if (++_tensors > MostTensors) { throw new InvalidDataException($"there are more than {MostTensors} tensors"); }
        if (arguments is not [TensorStorage storage, long offset, PickleTuple size, PickleTuple stride, ..]) { throw new InvalidDataException("a tensor is not made of storage, offset, size and stride"); }
        return StoredTensor.TryCreate(storage, offset, Integers(size), Integers(stride), mostElements, out string fault) ?? throw new InvalidDataException(fault);
    }

    private PickleDictionary Dictionary(object?[] arguments)
    {
        PickleDictionary dictionary = new();
        if (arguments is [List<object?> pairs])
        {
            if ((_pairs += pairs.Count) > MostPairs) { throw new InvalidDataException($"dictionaries are made of more than {MostPairs} pairs"); }
            foreach (object? pair in pairs)
            {
                object?[] two = pair is PickleTuple tuple ? tuple.Items : pair is List<object?> list ? [.. list] : [];
                if (two.Length == 2) { dictionary.Set(two[0], two[1]); }
            }
        }
        return dictionary;
    }

    private static long[] Integers(PickleTuple tuple) => Array.ConvertAll(tuple.Items, item => item is long value ? value : throw new InvalidDataException("a side of a tensor is no whole number"));

    private static string Shorten(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
