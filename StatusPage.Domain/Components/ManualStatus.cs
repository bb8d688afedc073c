namespace StatusPage.Domain.Components;

/// <summary>A state that a person or a program gave a component by hand, outside of any incident.</summary>
public sealed class ManualStatus
{
    private ManualStatus() { }

    internal ManualStatus(Component component, ComponentStatus status, DateTimeOffset at)
    {
        PageId = component.PageId;
        ComponentId = component.Id;
        Status = status;
        At = at;
    }

    public long Id { get; private init; }
    public PageId PageId { get; private init; }
    public ComponentId ComponentId { get; private init; }
    public ComponentStatus Status { get; private init; }
    public DateTimeOffset At { get; private init; }
}
