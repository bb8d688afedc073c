using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Secrets;

/// <summary>
/// Encrypts the keys in the store: AES-256-GCM, with a random nonce for each. The framework's own way with certificates is RSA with PKCS#1 v1.5 and AES in
/// CBC mode, which is not authenticated.
/// </summary>
internal sealed class KeyLock(SecretKey by) : IXmlEncryptor
{
    internal const int NonceLength = 12;
    internal const int TagLength = 16;

    /// <summary>Binds the ciphertext to its use and to the id of the key that encrypted it.</summary>
    internal static byte[] Context(string id) => Encoding.UTF8.GetBytes($"StatusPage data protection key v1 {id}");

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var clear = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var closed = new byte[NonceLength + clear.Length + TagLength];
        RandomNumberGenerator.Fill(closed.AsSpan(0, NonceLength));
        var (key, wrapped) = by.ForClosing();
        using (var aes = new AesGcm(key, TagLength))
            aes.Encrypt(
                closed.AsSpan(0, NonceLength),
                clear,
                closed.AsSpan(NonceLength, clear.Length),
                closed.AsSpan(NonceLength + clear.Length),
                Context(by.Id)
            );
        CryptographicOperations.ZeroMemory(clear);
        return new(
            new XElement(
                "sealed",
                new XAttribute("by", by.Id),
                wrapped is null ? null : new XAttribute("wrapped", Convert.ToBase64String(wrapped)),
                Convert.ToBase64String(closed)
            ),
            typeof(KeyOpener)
        );
    }
}

/// <summary>The decrypting counterpart; the framework creates it by its name.</summary>
internal sealed class KeyOpener(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var by = (string?)encryptedElement.Attribute("by") ?? "";
        var opener =
            services.GetRequiredService<Settings>().Secrets.Find(by)
            ?? throw new CryptographicException($"A key in the store was closed by {by}, which is not in the settings.");
        var closed = Convert.FromBase64String(encryptedElement.Value);
        var clear = new byte[closed.Length - KeyLock.NonceLength - KeyLock.TagLength];
        var key = opener.ForOpening(encryptedElement.Attribute("wrapped") is { } wrapped ? Convert.FromBase64String(wrapped.Value) : null);
        using var aes = new AesGcm(key, KeyLock.TagLength);
        aes.Decrypt(
            closed.AsSpan(0, KeyLock.NonceLength),
            closed.AsSpan(KeyLock.NonceLength, clear.Length),
            closed.AsSpan(closed.Length - KeyLock.TagLength),
            clear,
            KeyLock.Context(by)
        );
        return XElement.Parse(Encoding.UTF8.GetString(clear));
    }
}
