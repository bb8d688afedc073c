using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Secrets;

/// <summary>Encrypts and decrypts: 256 bits from a file, or a certificate, which wraps a fresh 256 bits each time (RSA-OAEP with SHA-256).</summary>
public sealed class SecretKey
{
    private const int Length = 32;
    private const string AllowedFile = "a file with 32 random bytes in base64, as 'openssl rand -base64 32' prints them";
    private const string AllowedCertificate =
        "a file with an RSA certificate and its private key, in PEM or PFX, and Secrets:CertificatePassword where it has one";

    private readonly byte[]? _key;
    private readonly X509Certificate2? _certificate;

    private SecretKey(string id, byte[]? key, X509Certificate2? certificate) => (Id, _key, _certificate) = (id, key, certificate);

    /// <summary>Identifies the key without revealing anything of it.</summary>
    public string Id { get; }

    public static SecretKey OfFile(string setting, string file)
    {
        try
        {
            var key = Convert.FromBase64String(File.ReadAllText(file).Trim());
            if (key.Length == Length)
                return new($"key {Convert.ToHexStringLower(HMACSHA256.HashData(key, "StatusPage key id"u8).AsSpan(0, 8))}", key, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            // The exception below reports it.
        }
        throw new SettingException(setting, file, AllowedFile);
    }

    public static SecretKey OfCertificate(string setting, string file, string? password)
    {
        try
        {
            var certificate =
                File.ReadAllBytes(file).AsSpan().IndexOf("-----BEGIN"u8) < 0 ? X509CertificateLoader.LoadPkcs12FromFile(file, password)
                : string.IsNullOrEmpty(password) ? X509Certificate2.CreateFromPemFile(file)
                : X509Certificate2.CreateFromEncryptedPemFile(file, password);
            using var rsa = certificate.GetRSAPrivateKey();
            if (rsa is not null)
                return new($"certificate {certificate.GetCertHashString(HashAlgorithmName.SHA256)[..16].ToLowerInvariant()}", null, certificate);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            // The exception below reports it.
        }
        throw new SettingException(setting, file, AllowedCertificate);
    }

    /// <summary>The key to encrypt with, and its wrapped form that only this key can open; null if it is this key itself.</summary>
    public (byte[] Key, byte[]? Wrapped) ForClosing()
    {
        if (_key is not null)
            return (_key, null);
        var key = RandomNumberGenerator.GetBytes(Length);
        using var rsa = _certificate!.GetRSAPublicKey()!;
        return (key, rsa.Encrypt(key, RSAEncryptionPadding.OaepSHA256));
    }

    public byte[] ForOpening(byte[]? wrapped)
    {
        if (_key is not null)
            return _key;
        using var rsa = _certificate!.GetRSAPrivateKey()!;
        return rsa.Decrypt(wrapped ?? [], RSAEncryptionPadding.OaepSHA256);
    }

    public override string ToString() => Id;
}
