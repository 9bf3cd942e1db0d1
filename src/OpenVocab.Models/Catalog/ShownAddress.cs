namespace OpenVocab.Models.Catalog;

/// <summary>An address as people may read it: passwords stand before the host, and signatures behind the question mark.</summary>
internal static class ShownAddress
{
    internal static string Of(Uri address) => address.IsAbsoluteUri
        ? address.GetComponents(UriComponents.Scheme | UriComponents.Host | UriComponents.Port | UriComponents.Path, UriFormat.UriEscaped)
        : address.OriginalString.Split('?', '#')[0];
}
