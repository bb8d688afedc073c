using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Secrets;

/// <summary>
/// The data protection keys in the store. At each start, those that lie there in clear, or are closed by a former certificate or key file, are closed by the present one.
/// So a former one is needed for one start only, and what was written before the setting is not left behind.
/// </summary>
public sealed class StoredKeys(StatusDb db, Settings settings, IOptions<KeyManagementOptions> management, IServiceProvider services)
{
    private static readonly XNamespace Space = "http://schemas.asp.net/2015/03/dataProtection";
    private static readonly XNamespace Signatures = "http://www.w3.org/2000/09/xmldsig#";
    private static readonly XName Sealed = Space + "encryptedSecret", Secret = Space + "requiresEncryption";

    /// <exception cref="SettingException">A key is closed by something that is not in the settings.</exception>
    public async Task CloseAsync(CancellationToken cancel)
    {
        foreach (var row in await db.DataProtectionKeys.AsNoTracking().ToListAsync(cancel))
        {
            if (row.Xml is not { } before) continue;
            var xml = XElement.Parse(before);
            if (!Close(xml)) continue;
            var after = xml.ToString(SaveOptions.DisableFormatting);
            await db.DataProtectionKeys.Where(key => key.Id == row.Id && key.Xml == before).ExecuteUpdateAsync(set => set.SetProperty(key => key.Xml, after), cancel);
        }
    }

    /// <returns>Whether anything changed.</returns>
    private bool Close(XElement key)
    {
        var changed = false;
        foreach (var closed in key.Descendants(Sealed).ToList())
        {
            if (IsPresent(closed)) continue;
            var secret = Open(closed);
            if (management.Value.XmlEncryptor is null) continue;
            closed.ReplaceWith(secret);
            changed = true;
        }
        if (management.Value.XmlEncryptor is not { } encryptor) return false;
        foreach (var secret in key.Descendants().Where(element => (bool?)element.Attribute(Secret) == true && !element.Ancestors(Sealed).Any()).ToList())
        {
            var info = encryptor.Encrypt(new XElement(secret));
            secret.ReplaceWith(new XElement(Sealed, new XAttribute("decryptorType", info.DecryptorType.AssemblyQualifiedName!), info.EncryptedElement));
            changed = true;
        }
        return changed;
    }

    private bool IsPresent(XElement closed) => settings.Secrets switch
    {
        { Certificate: { } certificate } => IsBy(closed, certificate),
        { Key: { } key } => (string?)closed.Element("sealed")?.Attribute("key") == key.Id,
        _ => false,
    };

    private static bool IsBy(XElement closed, X509Certificate2 certificate) =>
        closed.Descendants(Signatures + "X509Certificate").Any(one => one.Value.Trim() == Convert.ToBase64String(certificate.RawData));

    private XElement Open(XElement closed)
    {
        var by = settings.Secrets;
        if (closed.Element("sealed") is { } own && by.Keys.Any(key => key.Id == (string?)own.Attribute("key"))) return new KeyFileOpener(services).Decrypt(own);
        if (by.Certificates.Any(certificate => IsBy(closed, certificate))) return new EncryptedXmlDecryptor(services).Decrypt(closed.Elements().Single());
        throw new SettingException("Secrets:CertificateFile / Secrets:KeyFile", by.ToString(),
            "the one by which the keys in the store were encrypted, or that one in Secrets:PreviousCertificateFiles or Secrets:PreviousKeyFiles. See docs/security.md");
    }
}
