using System.Security.Cryptography;
using StatusPage.Domain.Accounts;

namespace StatusPage.Domain.Readers;

/// <summary>
/// Lets a program read a private page: its feeds, badges, embeds and API. Only the token's hash is kept; the token itself is shown once, when it is made.
/// </summary>
public sealed class ReadToken
{
    public const int MaxNameLength = 60;

    /// <summary>Tokens of a page that are in force; they travel with its snapshot.</summary>
    public const int Most = 100;

    /// <summary>Marks the tokens as ours, so that secret scanners can find leaked ones.</summary>
    private const string Prefix = "spr_";

    private ReadToken() { }

    public int Id { get; private init; }
    public PageId PageId { get; private init; }
    public string Name { get; private init; } = "";

    /// <summary>As of <see cref="ApiKey.Hash"/>.</summary>
    public string Hash { get; private init; } = "";
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? RevokedAt { get; private set; }

    /// <summary>To the minute or so.</summary>
    public DateTimeOffset? LastUsedAt { get; private set; }

    public static (ReadToken Row, string Token) Create(PageId page, string? name, DateTimeOffset now)
    {
        var token = Prefix + RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", 33);
        return (
            new ReadToken
            {
                PageId = page,
                Name = Text.Line(name, nameof(Name), "a name for the token", MaxNameLength),
                Hash = ApiKey.HashOf(token),
                CreatedAt = now,
            },
            token
        );
    }

    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;
}
