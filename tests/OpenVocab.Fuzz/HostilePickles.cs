namespace OpenVocab.Fuzz;

/// <summary>Pickles that want to run something, or to fill the memory.</summary>
internal static class HostilePickles
{
    private static readonly byte[] s_twoNumbers = new byte[8];

    internal static IEnumerable<HostileFile> All() =>
    [
        Calls("os.system", "runs a command", "os", "system"), Calls("posix.system", "runs a command", "posix", "system"), Calls("nt.system", "runs a command on Windows", "nt", "system"),
        Calls("subprocess.Popen", "starts a process", "subprocess", "Popen"), Calls("builtins.eval", "runs code", "builtins", "eval"), Calls("builtins.exec", "runs code", "__builtin__", "exec"),
        Calls("builtins.__import__", "loads a module", "builtins", "__import__"), Calls("builtins.print", "calls something that looks harmless", "builtins", "print"), Calls("builtins.open", "opens a file", "builtins", "open"),
        Calls("runpy", "runs a file", "runpy", "_run_code"), Calls("importlib", "loads a module", "importlib", "import_module"), Calls("ctypes", "calls native code", "ctypes", "CDLL"), Calls("socket", "opens a connection", "socket", "socket"),
        Calls("shutil", "deletes a folder", "shutil", "rmtree"), Calls("webbrowser", "opens a page", "webbrowser", "open"), Calls("pickle.loads", "unpickles more", "pickle", "loads"), Calls("marshal", "loads code", "marshal", "loads"),
        Calls("asyncio", "starts a process", "asyncio.unix_events", "_UnixSubprocessTransport._start"), Calls("pty", "starts a shell", "pty", "spawn"), Calls("pip", "installs a package", "pip", "main"), Calls("operator", "calls methods", "operator", "methodcaller"),
        Calls("a dotted name", "reaches through a harmless module", "torch", "os.system"),
        new("a stacked name", "the name stands on the stack", () => Archive(new PickleAssembler().Raw(0x8C, 2, (byte)'o', (byte)'s').Raw(0x8C, 6).Raw("system"u8).Raw(0x93).End()), "os.system"),
        new("getattr", "getattr of a module", () => Archive(new PickleAssembler().Global("builtins", "getattr").Code('(').Global("torch", "hub").Text("load").Code('t').Code('R').End()), "getattr"),
        new("type", "makes a class", () => Archive(new PickleAssembler().Global("builtins", "type").Code('(').Text("x").Code(')').Code('}').Code('t').Code('R').End()), "makes a class"),
        Code("INST", "an old way to make an object", (byte)'i'), Code("OBJ", "an old way to make an object", (byte)'o'), Code("EXT1", "a registered class", 0x82), Code("EXT2", "a registered class", 0x83), Code("EXT4", "a registered class", 0x84),
        Code("NEWOBJ_EX", "makes an object with named arguments", 0x92), Code("PERSID", "a persistent id as text", (byte)'P'), Code("DUP", "copies the top of the stack", (byte)'2'), Code("POP", "drops the top of the stack", (byte)'0'),
        Code("POP_MARK", "drops a part of the stack", (byte)'1'), Code("INT", "a number as text", (byte)'I'), Code("LONG", "a number as text", (byte)'L'), Code("STRING", "a quoted text", (byte)'S'), Code("GET", "a memo number as text", (byte)'g'),
        Code("LONG4", "a number of any length", 0x8B), Code("BINUNICODE8", "a text of 64-bit length", 0x8D), Code("BINBYTES8", "bytes of 64-bit length", 0x8E), Code("FROZENSET", "a set that cannot change", 0x91),
        Code("BYTEARRAY8", "bytes of 64-bit length", 0x96), Code("NEXT_BUFFER", "bytes from outside", 0x97), Code("READONLY_BUFFER", "bytes from outside", 0x98),
        new("an unknown opcode", "0xFF is none", () => Archive(new PickleAssembler().Raw(0xFF).End()), "0xff"),
        new("protocol 5", "a newer protocol", () => Archive([0x80, 5, (byte)'N', (byte)'.']), "protocol is 5"),
        new("protocol 0", "an older protocol", () => Archive([0x80, 0, (byte)'N', (byte)'.']), "protocol is 0"),
        new("no end", "the pickle is cut off", () => Archive(new PickleAssembler().Code('}').Cut()), "cut off"),
        new("an empty pickle", "nothing at all", () => Archive([]), "cut off"),
        new("a text of 4 GB", "claims more than there is", () => Archive(new PickleAssembler().Code('X').Length(-1).End()), "at most"),
        new("a text of 3 MB", "claims more than there is", () => Archive(new PickleAssembler().Code('X').Length(3_000_000).End()), "cut off"),
        new("a number of 255 bytes", "larger than any size", () => Archive(new PickleAssembler().Raw(0x8A, 255).Raw(new byte[255]).End()), "255 bytes"),
        new("deep", "2,000 lists inside of each other", () => Archive(Deep(2000)), "inside of each other"),
        new("an empty stack", "takes a value from an empty stack", () => Archive(new PickleAssembler().Code('s').End()), "empty stack"),
        new("a list without a begin", "TUPLE without MARK", () => Archive(new PickleAssembler().Code('t').End()), "no begin"),
        new("a key without a value", "an odd number of items", () => Archive(new PickleAssembler().Code('}').Code('(').Text("a").Code('u').End()), "without a value"),
        new("two values", "the stack is not empty at the end", () => Archive(new PickleAssembler().Code('N').Code('N').End()), "2 values"),
        new("an open mark", "a mark is open at the end", () => Archive(new PickleAssembler().Code('N').Code('(').End()), "open marks"),
        new("a memory that is none", "asks for what was never remembered", () => Archive(new PickleAssembler().Code('h').Raw(9).End()), "never remembered"),
        new("append to nothing", "APPEND to a number", () => Archive(new PickleAssembler().Integer(1).Integer(2).Code('a').End()), "a list is needed"),
        new("call of a number", "REDUCE of a number", () => Archive(new PickleAssembler().Integer(1).Code(')').Code('R').End()), "name of a function"),
        new("a name without an end", "GLOBAL without a line break", () => Archive(new PickleAssembler().Code('c').Raw(new byte[2000]).End()), "name without an end"),
        new("eleven million operations", "runs for long", () => Archive(Long(11_000_000)), "operations"),
        Tensor("an end beyond its storage", 2, 0, [3], [1], "ends at element"), Tensor("an offset beyond its storage", 2, 5, [1], [1], "ends at element"), Tensor("a negative offset", 2, -1, [1], [1], "negative"), Tensor("a negative stride", 2, 0, [2], [-1], "negative"),
        Tensor("a negative side", 2, 0, [-2], [1], "negative"), Tensor("a side of 2^62", 2, 0, [1L << 62, 4], [0, 0], "more than"), Tensor("a product that overflows", 2, 0, [1L << 32, 1L << 32, 1L << 32], [0, 0, 0], "more than"),
        Tensor("a stride of 2^62", 2, 0, [2], [1L << 62], "ends at element"), Tensor("a stride of 0 that fills the memory", 2, 0, [100_000, 1000], [0, 0], "more than"), Tensor("more strides than sides", 2, 0, [2], [1, 1], "strides"),
        Tensor("nine sides", 2, 0, [1, 1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1], "sides"),
        new("a storage that is short", "has fewer bytes than it says", () => ZipAssembler.Torch(PickleAssembler.OneTensor(4, 0, [4], [1]), new byte[8]), "numbers of"),
        new("a storage of 2^62", "a count that no file holds", () => ZipAssembler.Torch(PickleAssembler.OneTensor(1L << 62, 0, [1], [1]), new byte[8]), "numbers of"),
        new("a negative storage", "a count below 0", () => ZipAssembler.Torch(PickleAssembler.OneTensor(-2, 0, [1], [1]), new byte[8]), "numbers of"),
        new("a storage that is missing", "its entry is not in the file", () => ZipAssembler.Torch(PickleAssembler.OneTensor(2, 0, [2], [1])), "not in the file"),
        new("a storage of another kind", "no type of torch", () => ZipAssembler.Torch(PickleAssembler.OneTensor(2, 0, [2], [1], "QUInt8Storage"), s_twoNumbers), "not read"),
        new("a storage that leads out", "its key is ../../x", () => ZipAssembler.Torch(new PickleAssembler().Code('}').Text("w").Tensor("../../x", 2, 0, [2], [1]).Code('s').End(), s_twoNumbers), "not in the file"),
        new("a persistent id that is none", "a number", () => Archive(new PickleAssembler().Integer(1).Code('Q').End()), "a tuple is needed"),
        new("a tensor of nothing", "called without arguments", () => Archive(new PickleAssembler().Global("torch._utils", "_rebuild_tensor_v2").Code(')').Code('R').End()), "not made of"),
    ];

    private static HostileFile Calls(string name, string reason, string module, string function) =>
        new(name, reason, () => Archive(new PickleAssembler().Global(module, function).Code('(').Text("touch /tmp/owned").Code('t').Code('R').End()), module);

    private static HostileFile Code(string name, string reason, byte code) => new(name, reason, () => Archive(new PickleAssembler().Raw(code).Raw("1\n1\n"u8).End()), name);

    private static HostileFile Tensor(string name, long count, long offset, long[] shape, long[] strides, string says) =>
        new(name, "a view that does not fit", () => ZipAssembler.Torch(PickleAssembler.OneTensor(count, offset, shape, strides), s_twoNumbers), says);

    private static byte[] Deep(int levels)
    {
        PickleAssembler pickle = new();
        for (int i = 0; i < levels; i++) { pickle.Code('('); }
        return pickle.End();
    }

    // EMPTY_LIST, then NONE and APPEND again and again: the stack stays small.
    private static byte[] Long(int operations)
    {
        byte[] pickle = new byte[operations];
        pickle[0] = (byte)']';
        for (int i = 1; i + 1 < pickle.Length; i += 2) { (pickle[i], pickle[i + 1]) = ((byte)'N', (byte)'a'); }
        return pickle;
    }

    private static byte[] Archive(byte[] pickle) => ZipAssembler.Torch(pickle, s_twoNumbers);
}
