using System.Globalization;
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
    public string Token => Secrets.GetValueOrDefault(DestinationField.Token) ?? "";

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
/// <param name="EventId">The same in every attempt, and unique otherwise.</param>
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

    /// <summary>Looks for what we may have made before.</summary>
    /// <param name="claimedAt">When a create was first about to be sent; null: never.</param>
    Task<Remote> FindAsync(DestinationInUse to, Outgoing what, DateTimeOffset? claimedAt);

    Task<Remote> CreateAsync(DestinationInUse to, DestinationMessage message, Outgoing what);

    Task<Remote> ReadAsync(DestinationInUse to, Outgoing what, string remoteId);

    /// <param name="current">As it was read just before.</param>
    Task<Remote> UpdateAsync(DestinationInUse to, DestinationMessage message, Outgoing what, RemoteObject current);
}
