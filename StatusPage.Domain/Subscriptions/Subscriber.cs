using System.Security.Cryptography;
using System.Text;
using StatusPage.Domain.Channels;

namespace StatusPage.Domain.Subscriptions;

public enum SubscriptionState
{
    Pending = 0,
    Confirmed = 1,

    /// <summary>The subscriber ended it.</summary>
    Ended = 2,

    /// <summary>Messages bounce, or were reported as unwanted. Only a new confirmation brings it back.</summary>
    Suppressed = 3,
}

public static class SubscriptionStates
{
    public static string Label(this SubscriptionState state) =>
        state switch
        {
            SubscriptionState.Pending => "Pending",
            SubscriptionState.Confirmed => "Confirmed",
            SubscriptionState.Ended => "Ended",
            _ => "Suppressed",
        };
}

/// <summary>Somebody who asked to be told. Until they confirm, they get nothing but the request to confirm.</summary>
public sealed class Subscriber
{
    /// <summary>Characters of a webhook's address.</summary>
    public const int MaxEndpointLength = 500;

    /// <summary>Characters of <see cref="Key"/>: an endpoint, a space, an id.</summary>
    public const int MaxKeyLength = MaxEndpointLength + 1 + PublicId.Length;

    /// <summary>Characters of the address that a browser's push service issues; common ones have about 200.</summary>
    public const int MaxPushEndpointLength = 1000;

    /// <summary>Incidents that one subscriber can follow by name.</summary>
    public const int MaxIncidents = 20;

    private Subscriber() { }

    public SubscriberId Id { get; private init; }
    public PageId PageId { get; private init; }

    /// <summary>The stakeholder group that the member belongs to and whose wording they get; null for everybody else.</summary>
    public AudienceId? AudienceId { get; private init; }
    public Channel Channel { get; private init; }

    /// <summary>Where mail goes; for a webhook, who is told when it fails, if anybody; null for a browser.</summary>
    public string? Email { get; private init; }

    /// <summary>The address of a webhook or of a browser's push service. Of a chat channel, as much of it as may be shown.</summary>
    public string? Endpoint { get; private init; }

    /// <summary>The chat service whose incoming webhook it is, and in whose form it is told; null where programs are told, in JSON.</summary>
    public Channel? Chat { get; private init; }

    /// <summary>The encrypted address of a chat channel: anybody who has it may post there.</summary>
    public string? Secrets { get; private set; }

    /// <summary>The browser's public key and shared secret (RFC 8291), in base64url.</summary>
    public string? PushKey { get; private init; }
    public string? PushSecret { get; private init; }

    /// <summary>
    /// Identifies the subscriber, unique on its page: the address in lower case, or the hash of a browser's endpoint or a chat channel's. For a webhook
    /// it is the endpoint and the row's id, since each request is a subscriber of its own: a second person who asks for the same endpoint shares neither
    /// links nor secret with the first.
    /// </summary>
    public string Key { get; private init; } = "";
    public SubscriptionState State { get; private set; }

    /// <summary>Why it is suppressed.</summary>
    public string? SuppressedFor { get; private set; }

    /// <summary>True: everything. False: only what touches <see cref="ComponentIds"/> or belongs to <see cref="IncidentIds"/>.</summary>
    public bool WantsEverything { get; private set; } = true;
    public IReadOnlyList<ComponentId> ComponentIds { get; private set; } = [];
    public IReadOnlyList<IncidentId> IncidentIds { get; private set; } = [];
    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>Code of the language that they read; null: the page's language.</summary>
    public string? Language { get; private set; }
    public DateTimeOffset? ConfirmedAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Its name at the desk.</summary>
    public string Label =>
        Channel switch
        {
            Channel.Email => Email!,
            Channel.Webhook => Chat is { } chat ? $"{chat.Label()}, {Endpoint}" : Endpoint!,
            _ => "a browser",
        };

    /// <summary>Whether it is the webhook of a program, which answers a challenge and knows requests by their signature.</summary>
    public bool IsProgram => Channel == Channel.Webhook && Chat is null;

    /// <summary>A webhook's address as shown to people and keys that may not publish, since the full address lets its reader post there.</summary>
    public string? MaskedEndpoint =>
        IsProgram && Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) ? $"{address.GetLeftPart(UriPartial.Authority)}/…" : Endpoint;

    /// <param name="inFull">Whether the reader may publish.</param>
    public string LabelFor(bool inFull) => IsProgram && !inFull ? MaskedEndpoint! : Label;

    public static Subscriber ByEmail(PageId page, string? email, DateTimeOffset now)
    {
        var address = EmailAddress.Checked(email);
        return new()
        {
            Id = SubscriberId.New(),
            PageId = page,
            Channel = Channel.Email,
            Email = address,
            Key = EmailAddress.Key(address),
            CreatedAt = now,
        };
    }

    /// <summary>The <see cref="Key"/> of a member of a group.</summary>
    /// <param name="key">Key of the address.</param>
    public static string MemberKey(AudienceId audience, string key) => $"{audience}:{key}";

    /// <summary>A member that the team entered, so it is confirmed; the mails let the member leave.</summary>
    public static Subscriber Member(PageId page, AudienceId audience, string? email, DateTimeOffset now)
    {
        var address = EmailAddress.Checked(email);
        var member = new Subscriber
        {
            Id = SubscriberId.New(),
            PageId = page,
            AudienceId = audience,
            Channel = Channel.Email,
            Email = address,
            Key = MemberKey(audience, EmailAddress.Key(address)),
            CreatedAt = now,
        };
        member.Confirm(now);
        return member;
    }

    /// <param name="email">Address that confirms, and is told when the endpoint fails for good. Null: the endpoint alone proves that it is wanted.</param>
    public static Subscriber ByWebhook(PageId page, string? endpoint, string? email, DateTimeOffset now)
    {
        var address = Checked(endpoint, MaxEndpointLength);
        var id = SubscriberId.New();
        return new()
        {
            Id = id,
            PageId = page,
            Channel = Channel.Webhook,
            Endpoint = address,
            Email = string.IsNullOrWhiteSpace(email) ? null : EmailAddress.Checked(email),
            Key = $"{address} {id}",
            CreatedAt = now,
        };
    }

    /// <summary>A channel of a chat service. Whoever can read it confirms: the request to do so is posted there.</summary>
    /// <param name="address">Of its incoming webhook.</param>
    /// <param name="secrets">The address, encrypted.</param>
    public static Subscriber ByChat(PageId page, Channel service, Uri address, string secrets, DateTimeOffset now) =>
        new()
        {
            Id = SubscriberId.New(),
            PageId = page,
            Channel = Channel.Webhook,
            Chat = service,
            Secrets = secrets,
            // The last letters tell two channels apart.
            Endpoint = $"{address.Host}/…{address.AbsoluteUri[^4..]}",
            Key = "chat:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address.AbsoluteUri))),
            CreatedAt = now,
        };

    /// <summary>Takes over the secrets of the same channel, which was asked for again: those from before may not be readable any more.</summary>
    public void Renew(Subscriber same) => Secrets = same.Secrets ?? Secrets;

    /// <summary>The browser's own permission is the proof, so it is confirmed at once.</summary>
    public static Subscriber ByBrowser(PageId page, string? endpoint, string? key, string? secret, DateTimeOffset now)
    {
        var address = Checked(endpoint, MaxPushEndpointLength);
        var subscriber = new Subscriber
        {
            Id = SubscriberId.New(),
            PageId = page,
            Channel = Channel.WebPush,
            Endpoint = address,
            CreatedAt = now,
            Key = PushKeyOf(address),
            // RFC 8291, section 3.1: an uncompressed point on P-256, and 16 bytes.
            PushKey = Point(key, "keys.p256dh"),
            PushSecret = Base64(secret, 16, "keys.auth"),
        };
        subscriber.Confirm(now);
        return subscriber;
    }

    public static string PushKeyOf(string endpoint) => "push:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(endpoint)));

    /// <summary>An unconfirmed, ended or suppressed subscriber asks again; the latest choice counts.</summary>
    public void RequestAgain(IEnumerable<ComponentId> components, IEnumerable<IncidentId> incidents)
    {
        if (State == SubscriptionState.Confirmed)
            return;
        State = SubscriptionState.Pending;
        EndedAt = null;
        SuppressedFor = null;
        Choose(components, incidents);
    }

    /// <summary>The owner of the address has proved that they want it.</summary>
    public void Confirm(DateTimeOffset now)
    {
        if (State == SubscriptionState.Confirmed)
            return;
        State = SubscriptionState.Confirmed;
        ConfirmedAt = now;
        EndedAt = null;
        SuppressedFor = null;
    }

    /// <param name="language">Null: the page's language.</param>
    public void Read(string? language) => Language = language is null ? null : Languages.Language.Checked(language, nameof(Language)).Code;

    /// <summary>Neither components nor incidents means everything.</summary>
    public void Choose(IEnumerable<ComponentId> components, IEnumerable<IncidentId>? incidents = null)
    {
        ComponentIds = [.. components.Distinct()];
        IncidentIds = [.. (incidents ?? []).Distinct().Take(MaxIncidents)];
        WantsEverything = ComponentIds.Count == 0 && IncidentIds.Count == 0;
    }

    public void End(DateTimeOffset now)
    {
        if (State == SubscriptionState.Ended)
            return;
        State = SubscriptionState.Ended;
        EndedAt = now;
    }

    /// <summary>Stops sending there until somebody proves again that it is wanted.</summary>
    public void Suppress(string reason, DateTimeOffset now)
    {
        if (State is SubscriptionState.Ended or SubscriptionState.Suppressed)
            return;
        State = SubscriptionState.Suppressed;
        SuppressedFor = Text.Cut(reason, 500);
        EndedAt = now;
    }

    /// <summary>Whether this subscriber wants news of an incident that touches these components.</summary>
    public bool Wants(IEnumerable<ComponentId> touched, IncidentId? incident = null) =>
        State == SubscriptionState.Confirmed
        && (WantsEverything || touched.Any(ComponentIds.Contains) || (incident is { } about && IncidentIds.Contains(about)));

    private static string Checked(string? endpoint, int maxLength)
    {
        var address = Text.Line(endpoint, "Endpoint", "an address", maxLength);
        if (
            !Uri.TryCreate(address, UriKind.Absolute, out var url)
            || url.Scheme is not ("https" or "http")
            || url.UserInfo.Length > 0
            || url.Host.Length == 0
        )
            throw new RuleViolation("Enter an address like https://example.com/hooks/status.", "Endpoint");
        // In its sent form, each letter beyond ASCII becomes several characters.
        return url.AbsoluteUri.Length <= maxLength
            ? url.AbsoluteUri
            : throw new RuleViolation($"This address is longer than {maxLength:N0} characters as it is sent. Use a shorter one.", "Endpoint");
    }

    /// <summary>Checks the key, since nothing can be encrypted for a value that is no point of the curve.</summary>
    private static string Point(string? value, string field)
    {
        var point = System.Buffers.Text.Base64Url.DecodeFromChars(Base64(value, 65, field));
        try
        {
            using var key = ECDiffieHellman.Create(
                new ECParameters
                {
                    Curve = ECCurve.NamedCurves.nistP256,
                    Q = new() { X = point[1..33], Y = point[33..] },
                }
            );
            return point[0] == 4 ? value! : throw new CryptographicException();
        }
        catch (CryptographicException)
        {
            throw new RuleViolation($"The browser's subscription is not complete: {field} must be a point on P-256 without compression.", field);
        }
    }

    private static string Base64(string? value, int bytes, string field)
    {
        var buffer = new byte[bytes + 4];
        return
            value is { Length: > 0 and < 200 }
            && System.Buffers.Text.Base64Url.IsValid(value)
            && System.Buffers.Text.Base64Url.TryDecodeFromChars(value, buffer, out var written)
            && written == bytes
            ? value
            : throw new RuleViolation($"The browser's subscription is not complete: {field} must be {bytes} bytes in base64url.", field);
    }
}
