namespace OpenVocab.Bundles;

/// <summary>One file of a bundle.</summary>
/// <param name="Role">What the file is for, one of <see cref="BundleRoles"/>, or something that a later version knows.</param>
/// <param name="Path">Full path.</param>
/// <param name="Sha256">64 hexadecimal digits, lower case; checked when the bundle was opened.</param>
/// <param name="Bytes">Length of the file.</param>
public sealed record BundleFile(string Role, string Path, string Sha256, long Bytes);
