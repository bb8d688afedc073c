using System.Security.Cryptography;
using System.Text;
using StatusPage.Domain.Channels;

namespace StatusPage.Domain.Subscriptions;

public enum SubscriptionState
{
    Pending = 0,
    Confirmed = 1,

    /// <summary>By the subscriber's own wish.</summary>
    Ended = 2,

    /// <summary>What is sent there comes back, or was called unwanted. Only a new confirmation brings it back.</summary>
    Suppressed = 3,
}

/// <summary>Somebody who asked to be told. Nothing but the confirmation is sent before it is confirmed.</summary>
public sealed class Subscriber
{
    /// <summary>Characters of a webhook's address.</summary>
    public const int MaxEndpointLength = 500;

    /// <summary>Characters of <see cref="Key"/>: an endpoint, a space, an id.</summary>
    public const int MaxKeyLength = MaxEndpointLength + 1 + PublicId.Length;

    /// <summary>Characters of the address that a browser's push service gives out; those in use have about 200.</summary>
    public const int MaxPushEndpointLength = 1000;

    /// <summary>Incidents that one subscriber can follow by name.</summary>
    public const int MaxIncidents = 20;

    private Subscriber() { }

    public SubscriberId Id { get; private init; }
    public PageId PageId { get; private init; }

    /// <summary>The stakeholder group whose member it is, told in that group's words; null for everybody else.</summary>
    public AudienceId? AudienceId { get; private init; }
    public Channel Channel { get; private init; }

    /// <summary>Where mail goes; for a webhook, whom to tell of its failing; null for a browser.</summary>
    public string? Email { get; private init; }

    /// <summary>Where a webhook or a browser's push service is reached.</summary>
    public string? Endpoint { get; private init; }

    /// <summary>The browser's public key and shared secret (RFC 8291), in base64url.</summary>
    public string? PushKey { get; private init; }
    public string? PushSecret { get; private init; }

    /// <summary>
    /// What makes it the same subscriber: the address in lower case, or the hash of a browser's endpoint. Each request for a webhook is one of its own, so that who
    /// asks for an endpoint shares neither links nor secret with who asked before: its endpoint, and its id. Unique on its page.
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

    /// <summary>Code of the language that they read; null: whatever the page speaks.</summary>
    public string? Language { get; private set; }
    public DateTimeOffset? ConfirmedAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>How the desk names it.</summary>
    public string Label =>
        Channel switch
        {
            Channel.Email => Email!,
            Channel.Webhook => Endpoint!,
            _ => "a browser",
        };

    /// <summary>A webhook's address as people and keys see it that may not publish: whoever has the whole of it can post there.</summary>
    public string? MaskedEndpoint =>
        Channel == Channel.Webhook && Uri.TryCreate(Endpoint, UriKind.Absolute, out var address)
            ? $"{address.GetLeftPart(UriPartial.Authority)}/…"
            : Endpoint;

    /// <param name="inFull">Whether the reader may publish.</param>
    public string LabelFor(bool inFull) => Channel == Channel.Webhook && !inFull ? MaskedEndpoint! : Label;

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
    /// <param name="key">Of the address.</param>
    public static string MemberKey(AudienceId audience, string key) => $"{audience}:{key}";

    /// <summary>Entered by the team, so confirmed; the mails let the member leave.</summary>
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

    /// <param name="email">Who is asked to confirm, and told when the endpoint fails for good.</param>
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
            Email = EmailAddress.Checked(email),
            Key = $"{address} {id}",
            CreatedAt = now,
        };
    }

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
            // RFC 8291, section 3.1: a point on P-256 without compression, and 16 bytes.
            PushKey = Point(key, "keys.p256dh"),
            PushSecret = Base64(secret, 16, "keys.auth"),
        };
        subscriber.Confirm(now);
        return subscriber;
    }

    public static string PushKeyOf(string endpoint) => "push:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(endpoint)));

    /// <summary>An unconfirmed, ended or suppressed subscriber asks again; the last wish counts.</summary>
    public void RequestAgain(IEnumerable<ComponentId> components, IEnumerable<IncidentId> incidents)
    {
        if (State == SubscriptionState.Confirmed)
            return;
        State = SubscriptionState.Pending;
        EndedAt = null;
        SuppressedFor = null;
        Choose(components, incidents);
    }

    /// <summary>Proof that the address's owner wants it.</summary>
    public void Confirm(DateTimeOffset now)
    {
        if (State == SubscriptionState.Confirmed)
            return;
        State = SubscriptionState.Confirmed;
        ConfirmedAt = now;
        EndedAt = null;
        SuppressedFor = null;
    }

    /// <param name="language">Null: whatever the page speaks.</param>
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

    /// <summary>Nothing more is sent there until somebody proves anew that it is wanted.</summary>
    public void Suppress(string reason, DateTimeOffset now)
    {
        if (State is SubscriptionState.Ended or SubscriptionState.Suppressed)
            return;
        State = SubscriptionState.Suppressed;
        SuppressedFor = reason.Length <= 500 ? reason : reason[..500];
        EndedAt = now;
    }

    /// <summary>Whether news of an incident that touches these components is for this subscriber.</summary>
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
        // As it is sent, letters beyond ASCII are several characters each.
        return url.AbsoluteUri.Length <= maxLength
            ? url.AbsoluteUri
            : throw new RuleViolation(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"This address is longer than {maxLength:N0} characters as it is sent. Use a shorter one."
                ),
                "Endpoint"
            );
    }

    /// <summary>Nothing can be encrypted for what is no point of the curve.</summary>
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
