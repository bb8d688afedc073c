using StatusPage.Domain;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Metrics;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Shared;

namespace StatusPage.Web.Data.Demo;

/// <summary>What a set of sample data is written with: the rules of the domain, so that it contains nothing impossible.</summary>
internal abstract class DemoScript(StatusDb db, Page page, DateTimeOffset now)
{
    protected const string Author = "demo";

    /// <summary>Minutes by which the next update comes before the promised time.</summary>
    private const int Margin = 5;

    protected StatusDb Db => db;
    protected Page Page => page;
    protected DateTimeOffset Now => now;

    /// <summary>All that were made so far.</summary>
    protected IReadOnlyCollection<Component> Components => [.. db.Components.Local];

    public abstract void Write();

    /// <param name="updates">Minutes after the begin, phase, words, what the team does.</param>
    protected Incident Past(
        string title,
        Severity severity,
        int daysAgo,
        int hour,
        int minute,
        Component component,
        ComponentStatus hit,
        string impact,
        (int After, Phase Phase, string Body, string? Team)[] updates
    )
    {
        var start = Hour(Now.AddDays(-daysAgo), hour).AddMinutes(minute);
        Incident? incident = null;
        for (var i = 0; i < updates.Length; i++)
        {
            var (after, phase, body, team) = updates[i];
            var at = start.AddMinutes(after);
            var draft = new UpdateContent
            {
                Phase = phase,
                Body = body,
                TeamStatus = team,
                ImpactSummary = phase.IsOver() ? null : impact,
                NextUpdateBy = phase.IsOver() ? null : start.AddMinutes(updates[i + 1].After + Margin),
                Notifies = false,
                Components = new Dictionary<ComponentId, ComponentStatus>
                {
                    [component.Id] = phase is Phase.Resolved or Phase.Monitoring ? ComponentStatus.Operational : hit,
                },
            };
            if (incident is null)
            {
                incident = Incident.Open(Page.Id, title, severity, null, draft, ComponentStates.Of(Components), Author, at);
                Db.Incidents.Add(incident);
            }
            else
                incident.Post(draft, StatesAfter(incident), Author, at);
        }
        return incident!;
    }

    protected ComponentStates StatesAfter(Incident incident) => new(Components, [], [incident.Statements], []);

    /// <summary>A month of a metric that follows the time of day, and jumps with the open incident.</summary>
    protected void Measure(string name, string unit, int decimalPlaces, double usual, double breath, double more)
    {
        var metric = Metric.Create(Page.Id, Now).Describe(name, unit, decimalPlaces, isShown: true, null, null, Now);
        Db.Metrics.Add(metric);
        var until = MetricSeries.Floor(Now, MetricSeries.Step);
        var at = MetricSeries.Floor(Now.AddDays(-30), MetricSeries.HourStep);
        while (at < until)
        {
            var hours = (at - until).TotalHours;
            var value =
                usual + breath * Math.Sin(hours / 24 * Math.Tau) + breath / 3 * Math.Sin(hours * 5.7) * Math.Sin(hours * 1.3) + (hours > -0.25 ? more : 0);
            Db.MetricPoints.Add(
                new()
                {
                    MetricId = metric.Id,
                    At = at,
                    Mean = Math.Max(0, value),
                    Count = 1,
                }
            );
            at += hours < -25 ? MetricSeries.HourStep : MetricSeries.Step;
        }
    }

    /// <param name="day">When it is due, in days from now.</param>
    protected void Item(Incident incident, string title, string owner, int day, string finding, bool isDone = false)
    {
        var learned = incident.ResolvedAt!.Value.AddDays(2);
        var due = DateOnly.FromDateTime(Now.AddDays(day).UtcDateTime);
        var item = ActionItem.Create(incident, learned).Write(title, owner, due, ActionItemPriority.Normal, finding, learned);
        if (isDone)
            item.MoveTo(ActionItemState.Done, learned.AddDays(5));
        Db.ActionItems.Add(item);
    }

    protected ComponentGroupId Group(string name, int position, DateTimeOffset at)
    {
        var group = ComponentGroup.Create(Page.Id, name, position, at);
        Db.ComponentGroups.Add(group);
        return group.Id;
    }

    protected Component Component(string name, string? description, ComponentGroupId? group, DateTimeOffset at)
    {
        var component = Domain.Components.Component.Create(Page.Id, name, description, group, Text.Slug(name), Db.Components.Local.Count + 1, at);
        Db.Components.Add(component);
        return component;
    }

    protected static DateTimeOffset Hour(DateTimeOffset day, int hour) => new(day.UtcDateTime.Date.AddHours(hour), TimeSpan.Zero);
}
