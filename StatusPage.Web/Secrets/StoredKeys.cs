using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Secrets;

/// <summary>
/// The data protection keys in the store. At each start, the present certificate or key file encrypts those that lie there in clear or were encrypted by a
/// former one. So a former one is needed for one start only, and keys that were written before the setting are encrypted too.
/// </summary>
public sealed class StoredKeys(StatusDb db, Settings settings, IOptions<KeyManagementOptions> management, IServiceProvider services)
{
    private static readonly XNamespace Space = "http://schemas.asp.net/2015/03/dataProtection";
    private static readonly XName Sealed = Space + "encryptedSecret",
        Secret = Space + "requiresEncryption";

    /// <exception cref="SettingException">A key was encrypted by something that is not in the settings.</exception>
    public async Task CloseAsync(CancellationToken cancel)
    {
        foreach (var row in await db.DataProtectionKeys.AsNoTracking().ToListAsync(cancel))
        {
            if (row.Xml is not { } before)
                continue;
            var xml = XElement.Parse(before);
            if (!Close(xml))
                continue;
            var after = xml.ToString(SaveOptions.DisableFormatting);
            await db
                .DataProtectionKeys.Where(key => key.Id == row.Id && key.Xml == before)
                .ExecuteUpdateAsync(set => set.SetProperty(key => key.Xml, after), cancel);
        }
    }

    /// <returns>Whether anything changed.</returns>
    private bool Close(XElement key)
    {
        var changed = false;
        foreach (var closed in key.Descendants(Sealed).ToList())
        {
            if (settings.Secrets.Present is { } present && By(closed) == present.Id)
                continue;
            var secret = Open(closed);
            if (management.Value.XmlEncryptor is null)
                continue;
            closed.ReplaceWith(secret);
            changed = true;
        }
        if (management.Value.XmlEncryptor is not { } encryptor)
            return false;
        foreach (var secret in key.Descendants().Where(element => (bool?)element.Attribute(Secret) == true && !element.Ancestors(Sealed).Any()).ToList())
        {
            var info = encryptor.Encrypt(new XElement(secret));
            secret.ReplaceWith(new XElement(Sealed, new XAttribute("decryptorType", info.DecryptorType.AssemblyQualifiedName!), info.EncryptedElement));
            changed = true;
        }
        return changed;
    }

    private XElement Open(XElement closed)
    {
        if (closed.Element("sealed") is { } own && settings.Secrets.Find(By(closed)) is not null)
            return new KeyOpener(services).Decrypt(own);
        throw new SettingException(
            "Secrets:CertificateFile / Secrets:KeyFile",
            settings.Secrets.ToString(),
            $"the one by which the keys in the store were encrypted ({By(closed)}), or that one in Secrets:PreviousCertificateFiles "
                + "or Secrets:PreviousKeyFiles. See docs/security.md"
        );
    }

    private static string? By(XElement closed) => (string?)closed.Element("sealed")?.Attribute("by");
}
