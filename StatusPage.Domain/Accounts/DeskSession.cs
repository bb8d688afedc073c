using System.Security.Cryptography;

namespace StatusPage.Domain.Accounts;

/// <summary>One signed-in browser. The cookie names it; the row alone opens nothing.</summary>
public sealed class DeskSession
{
    public const int MaxAgentLength = 300;

    /// <summary>A session that was not used for so long is over.</summary>
    public static readonly TimeSpan Lasts = TimeSpan.FromDays(14);

    /// <summary>How exact <see cref="SeenAt"/> is.</summary>
    public static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    private DeskSession() { }

    public string Id { get; private init; } = "";
    public string AccountId { get; private init; } = "";
    public DateTimeOffset BegunAt { get; private init; }
    public DateTimeOffset SeenAt { get; private set; }
    public string? Address { get; private init; }
    public string? UserAgent { get; private init; }
    public DateTimeOffset? EndedAt { get; private set; }

    public static DeskSession Begin(string account, string? address, string? agent, DateTimeOffset now) => new()
    {
        Id = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 24), AccountId = account, BegunAt = now, SeenAt = now, Address = address,
        UserAgent = agent is null ? null : Text.Cut(agent, MaxAgentLength),
    };
}
