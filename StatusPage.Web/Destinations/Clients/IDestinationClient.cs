using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Postmortems;

namespace StatusPage.Web.Destinations.Clients;

/// <summary>A destination as a client needs it, with decrypted secrets.</summary>
public sealed record DestinationInUse(
    string Id,
    DestinationKind Kind,
    string BaseUrl,
    IReadOnlyDictionary<string, string> Settings,
    IReadOnlyDictionary<string, string> Secrets
)
{
    /// <summary>Characters; what is shorter is no secret, and stands in every text.</summary>
    private const int ShortestSecret = 3;

    public string Token => Secrets.GetValueOrDefault(DestinationField.Token) ?? "";

    /// <summary>See <see cref="DestinationPlace"/>.</summary>
    public string Place => DestinationPlace.Of(Kind, BaseUrl, Setting);

    /// <summary>Every form in which a secret is sent, or in which an answer may repeat it; the longest first, as one may hold another.</summary>
    public IReadOnlyList<string> SecretForms =>
        [
            .. Secrets
                .Values.Append($"{Setting(DestinationField.Email)}:{Token}")
                .Where(secret => secret.Length > ShortestSecret)
                .SelectMany(secret =>
                {
                    var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('=');
                    return new[]
                    {
                        secret,
                        secret.StartsWith(WebhookKey.Prefix, StringComparison.Ordinal) ? secret[WebhookKey.Prefix.Length..] : secret,
                        base64,
                        base64.Replace('+', '-').Replace('/', '_'),
                        Uri.EscapeDataString(secret),
                        Uri.EscapeDataString(base64),
                        WebUtility.HtmlEncode(secret),
                        JsonEncodedText.Encode(secret).ToString(),
                    };
                })
                .Distinct(StringComparer.Ordinal)
                .OrderByDescending(form => form.Length),
        ];

    public string? Setting(string name) => Settings.GetValueOrDefault(name);

    /// <summary>The secrets that sign now, the newest first.</summary>
    public IReadOnlyList<string> SigningSecrets(DateTimeOffset now)
    {
        var secrets = new List<string>();
        if (Secrets.TryGetValue(DestinationField.Secret, out var current))
            secrets.Add(current);
        if (
            Secrets.TryGetValue(DestinationField.FormerSecret, out var former)
            && Secrets.TryGetValue(DestinationField.FormerUntil, out var until)
            && DateTimeOffset.Parse(until, CultureInfo.InvariantCulture) > now
        )
            secrets.Add(former);
        return secrets;
    }
}

/// <summary>What is to stand at a destination, before a client writes it in the destination's own way.</summary>
/// <param name="Postmortem">Null where <paramref name="Item"/> is what is sent.</param>
/// <param name="EventId">See <see cref="DestinationLink.EventIdOf"/>.</param>
/// <param name="IsKnownThere">Whether an earlier one arrived.</param>
/// <param name="ItemUrls">Where action items have issues of their own, by their ids.</param>
public sealed record DestinationMessage(
    DestinationRef Ref,
    PostmortemDocument? Postmortem,
    ItemDocument? Item,
    string EventId,
    bool IsKnownThere,
    IReadOnlyDictionary<string, string> ItemUrls
);

/// <summary>
/// One kind of destination. It makes requests of what it is given and says what was answered; the ledger and when to try again are not its business.
/// Whatever the other side does is a value: no method throws for it.
/// </summary>
public interface IDestinationClient
{
    DestinationKind Kind { get; }

    Outgoing Write(DestinationInUse to, DestinationMessage message);

    /// <summary>Whether it works, without making anything: <see cref="Remote.Found"/> with a sentence as its note, or why not.</summary>
    Task<Remote> TestAsync(DestinationInUse to);

    /// <summary>
    /// Looks for what we may have made before, even where the ledger knows of nothing: it may be another one. An answer that cannot be understood is a
    /// failure, and never <see cref="Remote.Nothing"/>.
    /// </summary>
    /// <param name="sentTitle">The title that was sent, if it may be another one than now.</param>
    /// <param name="claimedAt">When a create was first about to be sent; null: never.</param>
    Task<Remote> FindAsync(DestinationInUse to, Outgoing what, string? sentTitle, DateTimeOffset? claimedAt);

    /// <summary>Does what follows a create, for one whose answer was lost.</summary>
    Task<RemoteObject> CompleteAsync(DestinationInUse to, RemoteObject made) => Task.FromResult(made);

    Task<Remote> CreateAsync(DestinationInUse to, DestinationMessage message, Outgoing what);

    Task<Remote> ReadAsync(DestinationInUse to, Outgoing what, string remoteId);

    /// <param name="current">As it was read just before.</param>
    Task<Remote> UpdateAsync(DestinationInUse to, DestinationMessage message, Outgoing what, RemoteObject current);
}
