using System.Security.Cryptography;
using System.Text;

namespace StatusPage.Domain.Accounts;

/// <summary>A key for programs. Only its hash is kept; the key itself is shown once, when it is made.</summary>
public sealed class ApiKey
{
    public const int MaxNameLength = 60;

    /// <summary>Marks the keys as ours, so that secret scanners can find leaked ones.</summary>
    private const string Prefix = "sp_";

    private ApiKey() { }

    public int Id { get; private init; }
    public PageId PageId { get; private init; }
    public string Name { get; private init; } = "";
    public Role Role { get; private init; }

    /// <summary>In the form of <see cref="ApiScopes"/>; empty: everything that the role may.</summary>
    public string Scopes { get; private init; } = "";

    /// <summary>SHA-256, in hex. The key is 190 random bits, so a slow hash would add nothing.</summary>
    public string Hash { get; private init; } = "";

    /// <summary>The first characters, to tell keys apart in a list.</summary>
    public string Hint { get; private init; } = "";
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? RevokedAt { get; private set; }

    public static (ApiKey Row, string Key) Create(PageId page, string? name, Role role, DateTimeOffset now, ApiScopes? scopes = null)
    {
        var key = Prefix + RandomNumberGenerator.GetString("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", 33);
        return (
            new ApiKey
            {
                PageId = page,
                Name = Text.Line(name, nameof(Name), "a name for the key", MaxNameLength),
                Role = role,
                Scopes = (scopes ?? ApiScopes.All).ToString(),
                Hash = HashOf(key),
                Hint = key[..(Prefix.Length + 4)],
                CreatedAt = now,
            },
            key
        );
    }

    /// <summary>How the audit names it.</summary>
    public string Subject => $"{Name} ({Role.Code()}{(Scopes.Length == 0 ? "" : $", {Scopes}")})";

    public void Revoke(DateTimeOffset now) => RevokedAt ??= now;

    public static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
