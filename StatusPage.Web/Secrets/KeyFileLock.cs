using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Secrets;

/// <summary>Encrypts the keys in the store by a key from a file: AES-256-GCM, with a random nonce for each.</summary>
internal sealed class KeyFileLock(SecretKey key) : IXmlEncryptor
{
    internal const int NonceLength = 12;
    internal const int TagLength = 16;

    /// <summary>Ties what was encrypted to its use and to the key's name.</summary>
    internal static byte[] Context(string id) => Encoding.UTF8.GetBytes($"StatusPage data protection key v1 {id}");

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var clear = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var sealed_ = new byte[NonceLength + clear.Length + TagLength];
        RandomNumberGenerator.Fill(sealed_.AsSpan(0, NonceLength));
        using var aes = new AesGcm(key.Bytes, TagLength);
        aes.Encrypt(sealed_.AsSpan(0, NonceLength), clear, sealed_.AsSpan(NonceLength, clear.Length), sealed_.AsSpan(NonceLength + clear.Length), Context(key.Id));
        CryptographicOperations.ZeroMemory(clear);
        return new(new XElement("sealed", new XAttribute("key", key.Id), Convert.ToBase64String(sealed_)), typeof(KeyFileOpener));
    }
}

/// <summary>Its counterpart, which the framework makes by its name.</summary>
internal sealed class KeyFileOpener(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var id = (string?)encryptedElement.Attribute("key") ?? "";
        var key = services.GetRequiredService<Settings>().Secrets.Keys.FirstOrDefault(one => one.Id == id) ?? throw new CryptographicException($"The key {id} is not in Secrets:KeyFile or Secrets:PreviousKeyFiles.");
        var sealed_ = Convert.FromBase64String(encryptedElement.Value);
        var clear = new byte[sealed_.Length - KeyFileLock.NonceLength - KeyFileLock.TagLength];
        using var aes = new AesGcm(key.Bytes, KeyFileLock.TagLength);
        aes.Decrypt(sealed_.AsSpan(0, KeyFileLock.NonceLength), sealed_.AsSpan(KeyFileLock.NonceLength, clear.Length), sealed_.AsSpan(sealed_.Length - KeyFileLock.TagLength), clear, KeyFileLock.Context(id));
        return XElement.Parse(Encoding.UTF8.GetString(clear));
    }
}
