using System.Buffers.Binary;
using System.Text;

namespace OpenVocab.Fuzz;

/// <summary>Writes pickles opcode by opcode, honest and hostile ones.</summary>
internal sealed class PickleAssembler
{
    private readonly List<byte> _bytes = [];

    internal PickleAssembler() => Raw(0x80, 2);

    internal PickleAssembler Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    internal PickleAssembler Code(char code) => Raw((byte)code);

    internal PickleAssembler Text(string text) => Code('X').Length(Encoding.UTF8.GetByteCount(text)).Raw(Encoding.UTF8.GetBytes(text));

    internal PickleAssembler Integer(int value)
    {
        Code('J');
        return Length(value);
    }

    /// <summary>A whole number of eight bytes (LONG1).</summary>
    internal PickleAssembler Long(long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Raw(0x8A, 8).Raw(bytes);
    }

    internal PickleAssembler Global(string module, string name) => Code('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    internal PickleAssembler Tuple(params ReadOnlySpan<long> values)
    {
        Code('(');
        foreach (long value in values) { Long(value); }
        return Code('t');
    }

    /// <summary>A storage by its key: ('storage', torch.FloatStorage, key, 'cpu', count).</summary>
    internal PickleAssembler Storage(string key, long count, string type = "FloatStorage") => Code('(').Text("storage").Global("torch", type).Text(key).Text("cpu").Long(count).Code('t').Code('Q');

    /// <summary>A call of torch's function for tensors.</summary>
    internal PickleAssembler Tensor(string key, long count, long offset, long[] shape, long[] strides, string type = "FloatStorage") =>
        Global("torch._utils", "_rebuild_tensor_v2").Code('(').Storage(key, count, type).Long(offset).Tuple(shape).Tuple(strides).Raw(0x89).Global("collections", "OrderedDict").Code(')').Code('R').Code('t').Code('R');

    /// <summary>A dictionary with one tensor <c>w</c>.</summary>
    internal static byte[] OneTensor(long count, long offset, long[] shape, long[] strides, string type = "FloatStorage") =>
        new PickleAssembler().Code('}').Text("w").Tensor("0", count, offset, shape, strides, type).Code('s').End();

    internal PickleAssembler Length(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return Raw(bytes);
    }

    internal byte[] End()
    {
        Code('.');
        return [.. _bytes];
    }

    /// <summary>As it is, without an end.</summary>
    internal byte[] Cut() => [.. _bytes];
}
