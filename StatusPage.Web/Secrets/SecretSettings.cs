using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Secrets;

/// <summary>By what the keys in the store are encrypted: a certificate, a key file, or nothing. Former ones still open what they closed.</summary>
/// <param name="PreviousCertificates">With their private keys.</param>
public sealed record SecretSettings(
    X509Certificate2? Certificate, SecretKey? Key, IReadOnlyList<X509Certificate2> PreviousCertificates, IReadOnlyList<SecretKey> PreviousKeys)
{
    private const string AllowedCertificate = "a file with an RSA certificate and its private key, in PEM or PFX, and Secrets:CertificatePassword where it has one";

    public static readonly SecretSettings None = new(null, null, [], []);

    /// <summary>Whether the keys lie in the store as they are.</summary>
    public bool IsNone => Certificate is null && Key is null;

    public IEnumerable<X509Certificate2> Certificates => Certificate is null ? PreviousCertificates : [Certificate, .. PreviousCertificates];

    public IEnumerable<SecretKey> Keys => Key is null ? PreviousKeys : [Key, .. PreviousKeys];

    public static SecretSettings Read(IConfiguration configuration)
    {
        var certificate = Settings.Text(configuration, "Secrets:CertificateFile");
        var key = Settings.Text(configuration, "Secrets:KeyFile");
        if (certificate is not null && key is not null) throw new SettingException("Secrets:KeyFile", key, "nothing, where Secrets:CertificateFile is set. Name the former of the two in Secrets:PreviousKeyFiles or Secrets:PreviousCertificateFiles");
        var password = configuration["Secrets:CertificatePassword"];
        return new(
            certificate is null ? null : Load("Secrets:CertificateFile", Path.GetFullPath(certificate), password),
            key is null ? null : SecretKey.Load("Secrets:KeyFile", Path.GetFullPath(key)),
            Settings.Files(configuration, "Secrets:PreviousCertificateFiles").ConvertAll(file => Load("Secrets:PreviousCertificateFiles", file, configuration["Secrets:PreviousCertificatePassword"] ?? password)),
            Settings.Files(configuration, "Secrets:PreviousKeyFiles").ConvertAll(file => SecretKey.Load("Secrets:PreviousKeyFiles", file)));
    }

    /// <summary>Keeps what it holds out of whatever prints settings.</summary>
    public override string ToString() => Certificate is not null ? $"certificate {Certificate.Thumbprint}" : Key is not null ? $"key {Key.Id}" : "none";

    private static X509Certificate2 Load(string setting, string file, string? password)
    {
        try
        {
            var certificate = File.ReadAllBytes(file).AsSpan().IndexOf("-----BEGIN"u8) < 0 ? X509CertificateLoader.LoadPkcs12FromFile(file, password)
                : string.IsNullOrEmpty(password) ? X509Certificate2.CreateFromPemFile(file) : X509Certificate2.CreateFromEncryptedPemFile(file, password);
            using var rsa = certificate.GetRSAPrivateKey();
            return rsa is not null ? certificate : throw new SettingException(setting, file, AllowedCertificate);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SettingException(setting, file, AllowedCertificate);
        }
    }
}

/// <summary>256 bits that lie in a file.</summary>
/// <param name="Id">Names the key without telling anything of it.</param>
public sealed record SecretKey(string Id, byte[] Bytes)
{
    private const int Length = 32;
    private const string Allowed = "a file with 32 random bytes in base64, as 'openssl rand -base64 32' prints them";

    public static SecretKey Load(string setting, string file)
    {
        try
        {
            var bytes = Convert.FromBase64String(File.ReadAllText(file).Trim());
            if (bytes.Length == Length) return new(Convert.ToHexStringLower(HMACSHA256.HashData(bytes, "StatusPage key id"u8).AsSpan(0, 8)), bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
        {
            // Said below.
        }
        throw new SettingException(setting, file, Allowed);
    }

    public override string ToString() => $"key {Id}";
}
