using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using StatusPage.Domain.Channels;

namespace StatusPage.Web.Channels;

/// <summary>The secrets of accounts: encrypted in the store, decrypted only for sending.</summary>
public sealed class ChannelSecrets(IDataProtectionProvider keys)
{
    private const string Purpose = "StatusPage.Channels.Secrets.v1";

    public string Protect(IReadOnlyDictionary<string, string> secrets) => keys.CreateProtector(Purpose).Protect(JsonSerializer.Serialize(secrets));

    /// <summary>Null when the keys that they were encrypted with are gone; then somebody must enter them again.</summary>
    public IReadOnlyDictionary<string, string>? Read(ChannelAccount account) => Read(account.Secrets);

    public IReadOnlyDictionary<string, string>? Read(string encrypted)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(keys.CreateProtector(Purpose).Unprotect(encrypted));
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException)
        {
            return null;
        }
    }
}
