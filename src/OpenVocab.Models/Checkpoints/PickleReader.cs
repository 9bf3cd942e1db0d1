using System.Buffers.Binary;
using System.Text;

namespace OpenVocab.Models.Checkpoints;

/// <summary>
/// A pickle is a program for a stack machine. This one runs the part that makes data: names of classes stay names, calls become a record of what would have been called, and
/// nothing is executed or looked up. Every count is bounded before it is used; there is no recursion.
/// </summary>
/// <remarks>Bounds are at least a hundred times what real checkpoints hold.</remarks>
internal sealed class PickleReader
{
    internal const int LargestPickle = 64 * 1024 * 1024;

    private const int MostOperations = 10_000_000, MostMemo = 1_000_000, MostMarks = 512, MostStack = 1_000_000, LongestText = 4 * 1024 * 1024;

    private readonly ReadOnlyMemory<byte> _pickle;
    private readonly string _file;
    private readonly long _base;
    private readonly PickleCalls _calls;
    private readonly Func<PickleTuple, object?> _resolve;
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];
    private int _at, _begin;

    private PickleReader(ReadOnlyMemory<byte> pickle, string file, long origin, long mostElements, Func<PickleTuple, object?> resolve)
    {
        (_pickle, _file, _base, _resolve) = (pickle, file, origin, resolve);
        _calls = new(mostElements);
    }

    /// <summary>Reads one pickle.</summary>
    /// <param name="pickle">Begins with it; what follows it is left alone.</param>
    /// <param name="file">For messages.</param>
    /// <param name="origin">Where in the file the pickle begins.</param>
    /// <param name="mostElements">The most numbers that a tensor may have.</param>
    /// <param name="resolve">What a persistent id stands for (a <see cref="TensorStorage"/>); throws <see cref="InvalidDataException"/> where it stands for nothing.</param>
    /// <param name="length">How many bytes the pickle has.</param>
    /// <exception cref="CheckpointException">Something else than data, or too much of it.</exception>
    internal static object? Read(ReadOnlyMemory<byte> pickle, string file, long origin, long mostElements, Func<PickleTuple, object?> resolve, out int length)
    {
        PickleReader reader = new(pickle, file, origin, mostElements, resolve);
        object? value = reader.Run();
        length = reader._at;
        return value;
    }

    private object? Run()
    {
        if (_pickle.Length > LargestPickle) { throw Fault($"the pickle has {_pickle.Length} bytes; at most {LargestPickle} are read"); }
        for (int operations = 0; ; operations++)
        {
            _begin = _at;
            if (operations == MostOperations) { throw Fault($"the pickle has more than {MostOperations} operations"); }
            byte code = Bytes(1)[0];
            if ((PickleCode)code == PickleCode.Stop) { return _marks.Count == 0 && _stack.Count == 1 ? _stack[0] : throw Fault($"the pickle ends with {_stack.Count} values on its stack and {_marks.Count} open marks; one value is right"); }
            try { Run(code); }
            catch (InvalidDataException fault) { throw Fault(fault.Message); }
        }
    }

    private void Run(byte code)
    {
        switch ((PickleCode)code)
        {
            case PickleCode.Proto:
                if (Bytes(1)[0] is var protocol and (< 2 or > 4)) { throw Fault($"the pickle's protocol is {protocol}; 2 to 4 are read"); }
                break;
            case PickleCode.Frame: Bytes(8); break;
            case PickleCode.Mark:
                if (_marks.Count == MostMarks) { throw Fault($"more than {MostMarks} values lie inside of each other"); }
                _marks.Add(_stack.Count);
                break;
            case PickleCode.None: Push(null); break;
            case PickleCode.NewTrue: Push(true); break;
            case PickleCode.NewFalse: Push(false); break;
            case PickleCode.BinInt: Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
            case PickleCode.BinInt1: Push((long)Bytes(1)[0]); break;
            case PickleCode.BinInt2: Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
            case PickleCode.Long1: Push(ReadLong(Bytes(1)[0])); break;
            case PickleCode.BinFloat: Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;
            case PickleCode.BinUnicode: Push(Text(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))); break;
            case PickleCode.ShortBinUnicode: Push(Text(Bytes(1)[0])); break;
            case PickleCode.BinString: Push(Latin1(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))); break;
            case PickleCode.ShortBinString: Push(Latin1(Bytes(1)[0])); break;
            case PickleCode.BinBytes: Push(Bytes(Length(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))).ToArray()); break;
            case PickleCode.ShortBinBytes: Push(Bytes(Bytes(1)[0]).ToArray()); break;
            case PickleCode.EmptyTuple: Push(PickleTuple.Empty); break;
            case PickleCode.Tuple: Push(new PickleTuple(PopToMark())); break;
            case PickleCode.Tuple1: Push(new PickleTuple([Pop()])); break;
            case PickleCode.Tuple2: (object? second, object? first) = (Pop(), Pop()); Push(new PickleTuple([first, second])); break;
            case PickleCode.Tuple3: (object? c, object? b, object? a) = (Pop(), Pop(), Pop()); Push(new PickleTuple([a, b, c])); break;
            case PickleCode.EmptyList or PickleCode.EmptySet: Push(new List<object?>()); break;
            case PickleCode.Append: object? item = Pop(); Top<List<object?>>("a list").Add(item); break;
            case PickleCode.Appends or PickleCode.AddItems: object?[] items = PopToMark(); Top<List<object?>>("a list").AddRange(items); break;
            case PickleCode.EmptyDict: Push(new PickleDictionary()); break;
            case PickleCode.SetItem: (object? value, object? key) = (Pop(), Pop()); SetItems([key, value]); break;
            case PickleCode.SetItems: SetItems(PopToMark()); break;
            case PickleCode.BinPut: Remember(Bytes(1)[0]); break;
            case PickleCode.LongBinPut: Remember(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))); break;
            case PickleCode.Memoize: Remember(_memo.Count); break;
            case PickleCode.BinGet: Push(Recall(Bytes(1)[0])); break;
            case PickleCode.LongBinGet: Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))); break;
            case PickleCode.Global: Push(PickleCalls.Name(Line(), Line())); break;
            case PickleCode.StackGlobal: (object? name, object? module) = (Pop(), Pop()); Push(PickleCalls.Name(module as string ?? "", name as string ?? "")); break;
            case PickleCode.Reduce: PickleTuple arguments = Pop<PickleTuple>("a tuple"); Push(_calls.Call(Pop<PickleGlobal>("the name of a function"), arguments)); break;
            case PickleCode.NewObj: PickleTuple made = Pop<PickleTuple>("a tuple"); Push(PickleCalls.Make(Pop<PickleGlobal>("the name of a class"), made)); break;
            case PickleCode.Build: object? state = Pop(); if (_stack.Count > 0 && _stack[^1] is PickleObject target) { target.Build(state); } break;
            case PickleCode.BinPersId: Push(_resolve(Pop<PickleTuple>("a tuple"))); break;
            default: throw Fault($"the pickle asks for {PickleCodes.NameOf(code)}, which no checkpoint needs");
        }
    }

    private ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > _pickle.Length - _at) { throw Fault($"the pickle is cut off: {count} bytes are needed, {_pickle.Length - _at} are left"); }
        ReadOnlySpan<byte> bytes = _pickle.Span.Slice(_at, count);
        _at += count;
        return bytes;
    }

    private int Length(uint length) => length <= LongestText ? (int)length : throw Fault($"a text of {length} bytes; at most {LongestText} are read");

    private string Text(uint length)
    {
        // Python allows lone surrogates in its UTF-8; they become U+FFFD.
        return Encoding.UTF8.GetString(Bytes(Length(length)));
    }

    private string Latin1(uint length) => Encoding.Latin1.GetString(Bytes(Length(length)));

    private string Line()
    {
        int end = _pickle.Span[_at..].IndexOf((byte)'\n');
        if (end is < 0 or > 1024) { throw Fault("a name without an end, or of more than 1024 bytes"); }
        string line = Encoding.UTF8.GetString(Bytes(end));
        _at++;
        return line;
    }

    private long ReadLong(int length)
    {
        if (length > sizeof(long)) { throw Fault($"a whole number of {length} bytes; at most {sizeof(long)} are read"); }
        ReadOnlySpan<byte> bytes = Bytes(length);
        long value = length > 0 && bytes[^1] >= 0x80 ? -1 : 0;
        for (int i = length - 1; i >= 0; i--) { value = value << 8 | bytes[i]; }
        return value;
    }

    private void Push(object? value)
    {
        if (_stack.Count == MostStack) { throw Fault($"more than {MostStack} values on the stack"); }
        _stack.Add(value);
    }

    private object? Pop()
    {
        int floor = _marks.Count > 0 ? _marks[^1] : 0;
        if (_stack.Count <= floor) { throw Fault("a value is taken from an empty stack"); }
        object? value = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private T Pop<T>(string what) where T : class => Pop() as T ?? throw Fault($"{what} is needed here");

    private T Top<T>(string what) where T : class => (_stack.Count > 0 ? _stack[^1] as T : null) ?? throw Fault($"{what} is needed here");

    private object?[] PopToMark()
    {
        if (_marks.Count == 0) { throw Fault("the end of a list that has no begin"); }
        int mark = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        object?[] items = [.. _stack[mark..]];
        _stack.RemoveRange(mark, items.Length);
        return items;
    }

    private void SetItems(object?[] pairs)
    {
        if (pairs.Length % 2 != 0) { throw Fault("a key without a value"); }
        // An object that is a dictionary by inheritance: what it holds is not needed.
        if (_stack.Count > 0 && _stack[^1] is PickleObject) { return; }
        PickleDictionary dictionary = Top<PickleDictionary>("a dictionary");
        for (int i = 0; i < pairs.Length; i += 2) { dictionary.Set(pairs[i], pairs[i + 1]); }
    }

    private void Remember(long number)
    {
        if (_memo.Count >= MostMemo && !_memo.ContainsKey(number)) { throw Fault($"more than {MostMemo} values are remembered"); }
        _memo[number] = _stack.Count > 0 ? _stack[^1] : throw Fault("a value is remembered from an empty stack");
    }

    private object? Recall(long number) => _memo.TryGetValue(number, out object? value) ? value : throw Fault($"value {number} was never remembered");

    private CheckpointException Fault(string why) => new(_file, _base + _begin, why);
}
