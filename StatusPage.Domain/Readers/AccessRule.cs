using System.Security.Cryptography;
using System.Text;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Subscriptions;

namespace StatusPage.Domain.Readers;

/// <param name="Hash">See <see cref="ReadToken.Hash"/>.</param>
public sealed record TokenRule(int Id, string Hash);

/// <summary>
/// Who may read a private page, as its snapshot carries it to every node. It names nothing that is more secret than the content beside it, so that a node
/// which has nothing but the snapshot still lets its readers in, and nobody else.
/// </summary>
public sealed record AccessRule
{
    private HashSet<string>? _people;

    /// <summary>Another rule has another stamp.</summary>
    public required string Stamp { get; init; }

    /// <summary>Signs the proofs of readers; another key ends all of them.</summary>
    public required byte[] Key { get; init; }
    public required DateTimeOffset PrivateSince { get; init; }

    /// <summary>Null: nobody comes in by a password.</summary>
    public string? PasswordHash { get; init; }
    public bool MailsLinks { get; init; }
    public bool SubscribersRead { get; init; }
    public bool ProviderReads { get; init; }

    /// <summary>Whether the provider's word alone is not enough.</summary>
    public bool ProviderListedOnly { get; init; }

    /// <summary>See <see cref="ReaderList"/>.</summary>
    public IReadOnlyList<string> People { get; init; } = [];
    public IReadOnlyList<TokenRule> Tokens { get; init; } = [];

    public bool UsesList => MailsLinks || ProviderReads && ProviderListedOnly;

    /// <summary>Names the password without telling anything of it, so that a proof ends with its password.</summary>
    public string? PasswordMark =>
        PasswordHash is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(PasswordHash)).AsSpan(0, 8));

    public bool Covers(string? email) => ReaderList.Covers(_people ??= [.. People], email);

    /// <summary>Whether a proof that was signed with <see cref="Key"/> still lets its holder in.</summary>
    public bool Admits(ReaderProof proof, DateTimeOffset now) =>
        now < proof.Until
        && proof.Road switch
        {
            ReaderRoad.Password => PasswordMark is { } mark && mark == proof.About,
            ReaderRoad.Listed => MailsLinks && Covers(proof.About),
            ReaderRoad.Subscriber => MailsLinks && SubscribersRead,
            ReaderRoad.Provider => ProviderReads && (!ProviderListedOnly || Covers(proof.About)),
            _ => false,
        };

    /// <summary>Why a subscriber of the private page is not told; null: they are.</summary>
    public string? Objection(Subscriber subscriber) =>
        subscriber.Channel == Channel.WebPush || subscriber.Chat is not null
            ? Objection(subscriber.ConfirmedAt)
            : Objection(subscriber.Email, isMember: subscriber.AudienceId is not null);

    /// <summary>The same for one without an address that could be on the list: a browser, or the channel of a chat.</summary>
    public string? Objection(DateTimeOffset? confirmedAt) => confirmedAt < PrivateSince ? "The page became private after this subscription." : null;

    /// <summary>The same by the address.</summary>
    /// <param name="email">Null for a webhook that the team added.</param>
    /// <param name="isMember">Whether the team entered them as a member of a stakeholder group.</param>
    public string? Objection(string? email, bool isMember) =>
        isMember || email is null || !UsesList || SubscribersRead || Covers(email)
            ? null
            : "The page is private, and this address is not on the list of those who may read it.";
}
