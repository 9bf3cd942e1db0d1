using System.Security.Cryptography;
using System.Text;

namespace OpenVocab.Server.Access;

/// <summary>The token that whoever asks must know. Kept and compared as a hash, in constant time: neither its length nor its begin can be measured.</summary>
internal sealed class AccessToken(string token)
{
    private readonly byte[] _hash = Hash(token);

    /// <summary>What a browser keeps in its cookie: made from the token, and not the token.</summary>
    internal string Session { get; } = Convert.ToHexString(Hash("session " + token));

    internal bool Fits(string offered) => CryptographicOperations.FixedTimeEquals(Hash(offered), _hash);

    internal bool FitsSession(string offered) => CryptographicOperations.FixedTimeEquals(Hash(offered), Hash(Session));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
