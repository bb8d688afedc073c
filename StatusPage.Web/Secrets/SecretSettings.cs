using StatusPage.Web.Hosting;

namespace StatusPage.Web.Secrets;

/// <summary>What encrypts the keys in the store: a certificate, a key file, or nothing.</summary>
/// <param name="Present">Null: the keys are stored in clear.</param>
/// <param name="Previous">Former keys, which still decrypt what they encrypted.</param>
public sealed record SecretSettings(SecretKey? Present, IReadOnlyList<SecretKey> Previous)
{
    public static readonly SecretSettings None = new(null, []);

    public static SecretSettings Read(IConfiguration configuration)
    {
        var certificate = Settings.Text(configuration, "Secrets:CertificateFile");
        var key = Settings.Text(configuration, "Secrets:KeyFile");
        if (certificate is not null && key is not null)
            throw new SettingException(
                "Secrets:KeyFile",
                key,
                "nothing, where Secrets:CertificateFile is set. Name the former of the two in Secrets:PreviousKeyFiles or Secrets:PreviousCertificateFiles"
            );
        var password = configuration["Secrets:CertificatePassword"];
        return new(
            certificate is not null ? SecretKey.OfCertificate("Secrets:CertificateFile", Path.GetFullPath(certificate), password)
                : key is not null ? SecretKey.OfFile("Secrets:KeyFile", Path.GetFullPath(key))
                : null,
            [
                .. Settings
                    .Files(configuration, "Secrets:PreviousCertificateFiles")
                    .Select(file =>
                        SecretKey.OfCertificate("Secrets:PreviousCertificateFiles", file, configuration["Secrets:PreviousCertificatePassword"] ?? password)
                    ),
                .. Settings.Files(configuration, "Secrets:PreviousKeyFiles").Select(file => SecretKey.OfFile("Secrets:PreviousKeyFiles", file)),
            ]
        );
    }

    /// <param name="id">See <see cref="SecretKey.Id"/>.</param>
    public SecretKey? Find(string? id) => Present?.Id == id ? Present : Previous.FirstOrDefault(key => key.Id == id);

    /// <summary>Keeps the secret out of printed settings.</summary>
    public override string ToString() => Present?.Id ?? "none";
}
