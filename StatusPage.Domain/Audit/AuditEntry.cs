using System.Security.Cryptography;
using System.Text;

namespace StatusPage.Domain.Audit;

/// <summary>
/// Who did what to what, when and from where; written in the transaction of the change itself. Each entry holds a hash of itself and of the entry before
/// it, so that a changed or missing entry is found.
/// </summary>
public sealed class AuditEntry
{
    public const int MaxSubjectLength = 400;

    /// <summary>The hash that the first entry follows.</summary>
    public static readonly string Beginning = new('0', 64);

    private AuditEntry() { }

    public AuditEntry(PageId page, string actor, string action, string subject, DateTimeOffset at, string? from = null, string? changes = null)
    {
        PageId = page;
        Actor = actor;
        Action = action;
        Subject = Text.Cut(subject, MaxSubjectLength);
        // As precise as the store, so that the hash can be computed again.
        At = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        From = from;
        Changes = changes;
    }

    /// <summary>1 for the first of the installation, and so on.</summary>
    public long Id { get; private set; }
    public PageId PageId { get; private init; }

    /// <summary>An account's name, or "key NAME".</summary>
    public string Actor { get; private init; } = "";

    /// <summary>noun.verb, such as incident.opened.</summary>
    public string Action { get; private init; } = "";
    public string Subject { get; private init; } = "";
    public DateTimeOffset At { get; private init; }

    /// <summary>The network address of the request; null for what the program did by itself.</summary>
    public string? From { get; private init; }

    /// <summary>What was written, before and after, as JSON; secrets are left out.</summary>
    public string? Changes { get; set; }

    /// <summary>SHA-256 of the entry before and of this one, in hex.</summary>
    public string Hash { get; private set; } = "";

    /// <summary>Appends this entry to another.</summary>
    public void Chain(long number, string previous)
    {
        Id = number;
        Hash = HashAfter(previous);
    }

    /// <summary>The hash that it must have after a given one. Each part is written with its length, so that no part can slip into the next.</summary>
    public string HashAfter(string previous)
    {
        string?[] parts = [previous, $"{Id}", PageId.Value, Actor, Action, Subject, $"{At.ToUnixTimeMilliseconds()}", From, Changes];
        var text = string.Concat(parts.Select(part => part is null ? "-;" : $"{part.Length}:{part};"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
