namespace StatusPage.Domain.Components;

/// <summary>One change of a component's state; their sequence is the history from which uptime is told.</summary>
public sealed class StatusChange
{
    private StatusChange() { }

    public StatusChange(PageId page, ComponentId component, ComponentStatus from, ComponentStatus to, DateTimeOffset at, IncidentId? incident)
    {
        PageId = page;
        ComponentId = component;
        From = from;
        To = to;
        At = at;
        IncidentId = incident;
    }

    public long Id { get; private init; }
    public PageId PageId { get; private init; }
    public ComponentId ComponentId { get; private init; }
    public ComponentStatus From { get; private init; }
    public ComponentStatus To { get; private init; }
    public DateTimeOffset At { get; private init; }
    public IncidentId? IncidentId { get; private init; }
}
