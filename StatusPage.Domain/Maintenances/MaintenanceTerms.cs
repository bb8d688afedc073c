using StatusPage.Domain.Incidents;

namespace StatusPage.Domain.Maintenances;

/// <summary>The checked plan of a maintenance. Two with the same components are equal, whatever their order.</summary>
internal sealed record MaintenanceTerms
{
    private MaintenanceTerms() { }

    public required string Title { get; init; }
    public required string Body { get; init; }
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset Until { get; init; }

    /// <summary>The previous list itself when the same components are named.</summary>
    public required IReadOnlyList<ComponentId> Components { get; init; }
    public required MaintenanceConduct Conduct { get; init; }

    /// <exception cref="RuleViolation">A text is missing or too long, or the window ends before it begins.</exception>
    public static MaintenanceTerms Of(
        string? title,
        string? body,
        DateTimeOffset from,
        DateTimeOffset until,
        IEnumerable<ComponentId> components,
        MaintenanceConduct conduct
    )
    {
        var checks = new Checks();
        var terms = new MaintenanceTerms
        {
            Title = checks.Try(() => CheckedTitle(title)),
            Body = checks.Try(() => CheckedBody(body)),
            From = from,
            Until = until,
            Components = [.. components.Distinct()],
            Conduct = checks.Try(conduct.Checked),
        };
        checks.Try(() => MaintenanceConduct.CheckWindow(from, until));
        checks.Enforce();
        return terms;
    }

    public static void Check(string? title, string? body, DateTimeOffset? from, DateTimeOffset? until, MaintenanceConduct? conduct)
    {
        var checks = new Checks();
        checks.Try(() => CheckedTitle(title));
        checks.Try(() => CheckedBody(body));
        if (conduct is not null)
            checks.Try(conduct.Checked);
        if (from is { } start && until is { } end)
            checks.Try(() => MaintenanceConduct.CheckWindow(start, end));
        checks.Enforce();
    }

    public static MaintenanceTerms Of(Maintenance maintenance) =>
        new()
        {
            Title = maintenance.Title,
            Body = maintenance.Body,
            From = maintenance.ScheduledFor,
            Until = maintenance.ScheduledUntil,
            Components = maintenance.ComponentIds,
            Conduct = maintenance.Conduct,
        };

    public MaintenanceTerms With(MaintenanceRequest request)
    {
        var checks = new Checks();
        var wanted = this with
        {
            Title = request.Title is null ? Title : checks.Try(() => CheckedTitle(request.Title)),
            Body = request.Body is null ? Body : checks.Try(() => CheckedBody(request.Body)),
            From = request.From ?? From,
            Until = request.Until ?? Until,
            Components =
                request.Components is null || request.Components.ToHashSet().SetEquals(Components) ? Components : [.. request.Components.Distinct()],
            Conduct = request.Conduct is { } conduct ? checks.Try(conduct.Checked) : Conduct,
        };
        // Stored times may lie outside of the bounds; everything else can still be changed then.
        if (wanted.IsMoved(this))
            checks.Try(() => MaintenanceConduct.CheckWindow(wanted.From, wanted.Until));
        checks.Enforce();
        return wanted;
    }

    public bool IsMoved(MaintenanceTerms before) => From != before.From || Until != before.Until;

    /// <summary>
    /// Nobody can be told in advance of what is over. A start that slipped by a little is accepted, one on another day is taken for a typing error.
    /// </summary>
    /// <exception cref="RuleViolation">A changed time lies in the past.</exception>
    public void CheckWindow(bool startMoved, bool endMoved, DateTimeOffset now)
    {
        if ((startMoved || endMoved) && Until <= now)
            throw new RuleViolation(Maintenance.IsInThePast, nameof(Maintenance.ScheduledUntil));
        if (startMoved && From < now - Maintenance.LatestAnnouncement)
        {
            throw new RuleViolation(
                $"Its start lies more than {Maintenance.LatestAnnouncement.TotalHours:N0} hours in the past. Check the day and the year.",
                nameof(Maintenance.ScheduledFor)
            );
        }
    }

    private static string CheckedTitle(string? title) => Text.Line(title, nameof(Title), "a title", Incident.MaxTitleLength);

    private static string CheckedBody(string? body) => MarkdownRule.Block(body, nameof(Body), "what will be done", UpdateContent.MaxBodyLength);
}
