using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;

namespace StatusPage.Tests;

/// <summary>Objects as most tests need them; each test sets only the values that it is about.</summary>
public static class An
{
    /// <summary>2:45 PM PST, as in the guide's example.</summary>
    public static readonly DateTimeOffset Instant = new(2026, 11, 24, 22, 45, 0, TimeSpan.Zero);

    public static readonly PageId PageId = PageId.Of("page00000001");

    /// <summary>The guide's example.</summary>
    public static UpdateContent Update(
        Phase phase = Phase.Investigating,
        string body = "We are investigating elevated error rates on our API.",
        DateTimeOffset? promise = null,
        bool notifies = true,
        params (Component Component, ComponentStatus Status)[] components
    ) =>
        new()
        {
            Phase = phase,
            Body = body,
            ImpactSummary = phase.IsOver() ? null : "~15% of requests failing",
            TeamStatus = phase.IsOver() ? null : "Working on identifying root cause",
            NextUpdateBy = promise,
            Notifies = notifies,
            Components = components.ToDictionary(pair => pair.Component.Id, pair => pair.Status),
        };

    public static Incident Incident(
        DateTimeOffset? at = null,
        Severity? severity = Severity.Sev2,
        PageId? page = null,
        UpdateContent? draft = null,
        params Component[] components
    ) =>
        Domain.Incidents.Incident.Open(
            page ?? PageId,
            "Elevated error rates on our API",
            severity,
            null,
            draft ?? Update(),
            ComponentStates.Of(components),
            "ann",
            at ?? Instant
        );

    public static Subscriber Subscriber(PageId page, string email, IEnumerable<ComponentId> components, DateTimeOffset at)
    {
        var subscriber = Domain.Subscriptions.Subscriber.ByEmail(page, email, at);
        subscriber.Choose(components);
        return subscriber;
    }

    public static Incident Resolved(this Incident incident, DateTimeOffset? at = null)
    {
        incident.Post(Update(Phase.Resolved, "All is well again."), ComponentStates.Of(), "ann", at ?? incident.UpdatedAt.AddMinutes(30));
        return incident;
    }
}

public static class A
{
    /// <summary>The zone of the page, unless a test says otherwise.</summary>
    public static readonly IZone Zone = Zones.Of("America/Los_Angeles");

    public static Page Page(string timeZone = "America/Los_Angeles", DateTimeOffset? at = null) =>
        Domain.Pages.Page.Create("Acme", Zones.Checked(timeZone), at ?? An.Instant);

    public static Component Component(string name = "API", DateTimeOffset? at = null, PageId? page = null, int position = 1) =>
        Domain.Components.Component.Create(page ?? An.PageId, name, null, null, Text.Slug(name), position, at ?? An.Instant);

    /// <summary>The states that incidents and people gave to components.</summary>
    public static ComponentStates States(
        IEnumerable<Component> components,
        IEnumerable<ManualStatus>? manual = null,
        IEnumerable<Incident>? incidents = null,
        IEnumerable<Maintenance>? maintenances = null
    ) =>
        new(
            components,
            manual ?? [],
            (incidents ?? []).Select(incident => incident.Statements),
            (maintenances ?? []).Select(maintenance => maintenance.Window).OfType<MaintenanceWindow>()
        );
}
