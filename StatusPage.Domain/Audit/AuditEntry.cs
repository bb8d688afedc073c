namespace StatusPage.Domain.Audit;

/// <summary>Who did what to what, and when; written in the transaction of the act itself.</summary>
public sealed class AuditEntry
{
    private AuditEntry() { }

    public AuditEntry(PageId page, string actor, string action, string subject, DateTimeOffset at)
    {
        PageId = page;
        Actor = actor;
        Action = action;
        Subject = subject;
        At = at;
    }

    public long Id { get; private init; }
    public PageId PageId { get; private init; }

    /// <summary>An account's name, or "key NAME".</summary>
    public string Actor { get; private init; } = "";

    /// <summary>noun.verb, such as incident.opened.</summary>
    public string Action { get; private init; } = "";
    public string Subject { get; private init; } = "";
    public DateTimeOffset At { get; private init; }
}
