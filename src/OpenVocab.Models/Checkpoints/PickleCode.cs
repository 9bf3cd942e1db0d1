namespace OpenVocab.Models.Checkpoints;

/// <summary>The operations of a pickle (Python's Lib/pickletools.py, protocols 2 to 4) that checkpoints use; all others are refused by name.</summary>
internal enum PickleCode : byte
{
    Mark = (byte)'(', Stop = (byte)'.', None = (byte)'N', BinInt = (byte)'J', BinInt1 = (byte)'K', BinInt2 = (byte)'M', BinFloat = (byte)'G',
    BinUnicode = (byte)'X', ShortBinUnicode = 0x8C, BinString = (byte)'T', ShortBinString = (byte)'U', BinBytes = (byte)'B', ShortBinBytes = (byte)'C',
    EmptyTuple = (byte)')', Tuple = (byte)'t', Tuple1 = 0x85, Tuple2 = 0x86, Tuple3 = 0x87, EmptyList = (byte)']', Append = (byte)'a', Appends = (byte)'e',
    EmptyDict = (byte)'}', SetItem = (byte)'s', SetItems = (byte)'u', EmptySet = 0x8F, AddItems = 0x90,
    BinPut = (byte)'q', LongBinPut = (byte)'r', Memoize = 0x94, BinGet = (byte)'h', LongBinGet = (byte)'j',
    Global = (byte)'c', StackGlobal = 0x93, Reduce = (byte)'R', Build = (byte)'b', NewObj = 0x81, BinPersId = (byte)'Q',
    Proto = 0x80, NewTrue = 0x88, NewFalse = 0x89, Long1 = 0x8A, Frame = 0x95,
}

internal static class PickleCodes
{
    // For messages only: what they would do is not done.
    private static readonly Dictionary<byte, string> s_refused = new()
    {
        [(byte)'i'] = "INST", [(byte)'o'] = "OBJ", [0x82] = "EXT1", [0x83] = "EXT2", [0x84] = "EXT4", [0x92] = "NEWOBJ_EX", [(byte)'P'] = "PERSID", [(byte)'2'] = "DUP", [(byte)'0'] = "POP",
        [(byte)'1'] = "POP_MARK", [(byte)'I'] = "INT", [(byte)'L'] = "LONG", [(byte)'F'] = "FLOAT", [(byte)'S'] = "STRING", [(byte)'V'] = "UNICODE", [(byte)'g'] = "GET", [(byte)'p'] = "PUT",
        [(byte)'l'] = "LIST", [(byte)'d'] = "DICT", [0x8B] = "LONG4", [0x8D] = "BINUNICODE8", [0x8E] = "BINBYTES8", [0x91] = "FROZENSET", [0x96] = "BYTEARRAY8", [0x97] = "NEXT_BUFFER", [0x98] = "READONLY_BUFFER",
    };

    internal static string NameOf(byte code) => s_refused.TryGetValue(code, out string? name) ? name : $"0x{code:x2}";
}
