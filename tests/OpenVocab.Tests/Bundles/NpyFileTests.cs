using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using OpenVocab.Bundles;

namespace OpenVocab.Tests.Bundles;

public sealed class NpyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void An_array_is_read_in_every_version_of_the_format(byte version)
    {
        byte[] data = [0, 0, 128, 63, 0, 0, 0, 64]; // 1, 2

        NpyFile array = NpyFile.Parse(Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }", data, version), "x");

        Assert.Equal([1, 2], array.Shape);
        Assert.Equal([1f, 2f], array.ToFloats());
    }

    [Fact]
    public void Half_precision_and_whole_numbers_become_floats()
    {
        Assert.Equal([1f, -2f], NpyFile.Parse(Npy("{'descr': '<f2', 'fortran_order': False, 'shape': (2,), }", [0, 0x3C, 0, 0xC0]), "x").ToFloats());
        Assert.Equal([7f, 255f], NpyFile.Parse(Npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", [7, 255]), "x").ToFloats());
        Assert.Equal(42.0, NpyFile.Parse(Npy("{'descr': '<i8', 'fortran_order': False, 'shape': (), }", [42, 0, 0, 0, 0, 0, 0, 0]), "x").ToDoubles()[0]);
    }

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "claims 12 bytes of data; there are 8")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }", "Fortran order")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", "little-endian")]
    [InlineData("{'descr': '|O8', 'fortran_order': False, 'shape': (1,), }", "lacks descr")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2000000000, 2000000000), }", "overflows")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "a side of its shape is 99999999999")]
    [InlineData("nonsense", "lacks descr")]
    public void A_header_that_lies_is_refused(string header, string words) =>
        Assert.Contains(words, Assert.Throws<ModelException>(() => NpyFile.Parse(Npy(header, new byte[8]), "x.npy")).Message, StringComparison.Ordinal);

    [Fact]
    public void A_header_that_is_longer_than_the_file_is_refused()
    {
        byte[] bytes = Npy("{}", []);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), 60_000);

        Assert.Contains("its header claims 60000 bytes", Assert.Throws<ModelException>(() => NpyFile.Parse(bytes, "x")).Message, StringComparison.Ordinal);
        Assert.Throws<ModelException>(() => NpyFile.Parse("short"u8.ToArray(), "x"));
    }

    [Theory, InlineData(CompressionLevel.NoCompression), InlineData(CompressionLevel.Optimal)]
    public void Several_arrays_come_from_one_file(CompressionLevel level)
    {
        using (ZipArchive archive = ZipFile.Open(_folder["a.npz"], ZipArchiveMode.Create))
        {
            using Stream entry = archive.CreateEntry("first.npy", level).Open();
            entry.Write(Npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", [0, 0, 128, 63, 0, 0, 0, 64]));
        }

        NpzFile arrays = NpzFile.Read(_folder["a.npz"]);

        Assert.Equal([1f, 2f], arrays["first"].ToFloats());
        Assert.Contains("no array second; the file has first", Assert.Throws<ModelException>(() => arrays["second"]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_zip_is_refused()
    {
        File.WriteAllText(_folder["a.npz"], "text");

        Assert.Throws<ModelException>(() => NpzFile.Read(_folder["a.npz"]));
        Assert.Throws<ModelException>(() => NpzFile.Read(_folder["none.npz"]));
    }

    private static byte[] Npy(string header, byte[] data, byte version = 1)
    {
        byte[] text = Encoding.ASCII.GetBytes(header + "\n");
        byte[] length = new byte[version == 1 ? 2 : 4];
        if (version == 1) { BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length); }
        else { BinaryPrimitives.WriteInt32LittleEndian(length, text.Length); }
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. text, .. data];
    }
}
