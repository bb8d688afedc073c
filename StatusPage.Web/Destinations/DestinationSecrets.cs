using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Destinations.Clients;

namespace StatusPage.Web.Destinations;

/// <summary>The secrets of destinations: encrypted in the store, decrypted only for sending and for checking what comes in.</summary>
public sealed class DestinationSecrets(IDataProtectionProvider keys)
{
    private const string Purpose = "StatusPage.Destinations.Secrets.v1";
    private const int NewBytes = 32;

    public static string NewSecret() => WebhookKey.Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(NewBytes));

    public string Protect(IReadOnlyDictionary<string, string> secrets) => keys.CreateProtector(Purpose).Protect(JsonSerializer.Serialize(secrets));

    /// <summary>Null when the keys that they were encrypted with are gone; then somebody must enter them again.</summary>
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

    /// <summary>Null when its secrets can no longer be read.</summary>
    public DestinationInUse? Open(Destination destination) =>
        Read(destination.Secrets) is { } secrets
            ? new(
                destination.Id.Value,
                destination.Kind,
                destination.BaseUrl,
                destination.Settings.ToDictionary(setting => setting.Name, setting => setting.Value),
                secrets
            )
            : null;

    /// <summary>Makes a secret where the kind needs one and none was entered. Of two, the one before works for another day.</summary>
    /// <returns>What is to be stored, and the new secret if one was made.</returns>
    public static (CheckedSettings Settings, string? Made) Complete(
        DestinationKind kind,
        CheckedSettings settings,
        IReadOnlyDictionary<string, string> known,
        DateTimeOffset now
    )
    {
        if (kind is not (DestinationKind.Webhook or DestinationKind.GitHub))
            return (settings, null);
        var secrets = new Dictionary<string, string>(settings.Secrets, StringComparer.Ordinal);
        string? made = null;
        if (!secrets.TryGetValue(DestinationField.Secret, out var current))
            secrets[DestinationField.Secret] = current = made = NewSecret();
        if (known.GetValueOrDefault(DestinationField.Secret) is { } before)
        {
            if (before != current)
            {
                secrets[DestinationField.FormerSecret] = before;
                secrets[DestinationField.FormerUntil] = (now + Destination.FormerSecretLasts).ToString("O", CultureInfo.InvariantCulture);
            }
            else if (known.TryGetValue(DestinationField.FormerSecret, out var former) && known.TryGetValue(DestinationField.FormerUntil, out var until))
                (secrets[DestinationField.FormerSecret], secrets[DestinationField.FormerUntil]) = (former, until);
        }
        return (settings with { Secrets = secrets }, made);
    }
}
