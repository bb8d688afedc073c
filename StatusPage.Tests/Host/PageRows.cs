using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Components;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Metrics;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Postmortems;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Drafts;
using StatusPage.Web.Public;
using StatusPage.Web.Snapshot;

namespace StatusPage.Tests.Host;

/// <summary>A page with some of everything. Each thing has an id from here and the mark in its name, so that tests see where it turns up.</summary>
public sealed record PageRows(Page Page, string Mark)
{
    private static int _made;

    public required Component Component { get; init; }
    public required ComponentGroup Group { get; init; }

    /// <summary>Open.</summary>
    public required Incident Incident { get; init; }

    /// <summary>Resolved, with a postmortem.</summary>
    public required Incident Over { get; init; }
    public required Maintenance Maintenance { get; init; }
    public required Subscriber Confirmed { get; init; }
    public required Subscriber Pending { get; init; }

    /// <summary>Follows <see cref="Incident"/>, not confirmed.</summary>
    public required Subscriber Follower { get; init; }
    public required Metric Metric { get; init; }
    public required Template Template { get; init; }

    /// <summary>Ready to be published.</summary>
    public required Draft Draft { get; init; }
    public required Draft SpareDraft { get; init; }

    /// <summary>From <see cref="Incident"/>.</summary>
    public required ActionItem Item { get; init; }

    public IReadOnlyList<string> Ids =>
        [
            Page.Id.Value,
            Component.Id.Value,
            Group.Id.Value,
            Incident.Id.Value,
            Over.Id.Value,
            Maintenance.Id.Value,
            Confirmed.Id.Value,
            Pending.Id.Value,
            Follower.Id.Value,
            Metric.Id.Value,
            Template.Id.Value,
            Draft.Id.Value,
            SpareDraft.Id.Value,
            Item.Id.Value,
        ];

    public static async Task<PageRows> OfAsync(AppHost app, Page page)
    {
        var now = DateTimeOffset.UtcNow.AddMinutes(-10);
        var mark = $"mark{Interlocked.Increment(ref _made)}x";
        var component = Component.Create(page.Id, $"Component {mark}", null, null, $"component-{mark}", 1, now);
        var group = ComponentGroup.Create(page.Id, $"Group {mark}", 1, now);
        component.Join(group.Id, now);
        var incident = Incident.Open(
            page.Id,
            $"Incident {mark}",
            Severity.Sev2,
            null,
            An.Update(notifies: false, components: (component, ComponentStatus.PartialOutage)),
            ComponentStates.Of(component),
            "ann",
            now
        );
        var over = Incident
            .Open(page.Id, $"Over {mark}", null, null, An.Update(notifies: false), ComponentStates.Of(), "ann", now)
            .Resolved(now.AddMinutes(1));
        over.WritePostmortem($"Learned {mark}", "ann", now.AddMinutes(2));
        over.PublishPostmortem(now.AddMinutes(2));
        var maintenance = Maintenance.Schedule(
            page.Id,
            $"Maintenance {mark}",
            "We upgrade.",
            now.AddDays(1),
            now.AddDays(1).AddHours(1),
            [component.Id],
            now
        );
        var (confirmed, pending, follower) = (
            Subscriber.ByEmail(page.Id, $"confirmed-{mark}@customer.example", now),
            Subscriber.ByEmail(page.Id, $"pending-{mark}@customer.example", now),
            Subscriber.ByEmail(page.Id, $"follower-{mark}@customer.example", now)
        );
        confirmed.Confirm(now);
        follower.Choose([], [incident.Id]);
        var metric = Metric.Create(page.Id, now).Describe($"Metric {mark}", "ms", 0, isShown: true, null, null, now);
        var content = new ComposerInput($"Draft {mark}", "SEV3", null, new() { Body = "We look into it." }).Write();
        var draft = Draft.Begin(page.Id, null, $"Draft {mark}", content, "ann", "form", now);
        var spare = Draft.Begin(page.Id, null, $"Spare {mark}", content, "ann", "form", now);
        var item = ActionItem.Create(incident, now).Write($"Item {mark}", "ann", null, ActionItemPriority.Normal, $"Finding {mark}", now);
        var learned = Postmortem.Begin(over, new(null, null, [new(PostmortemKind.Summary, "Summary", $"Internal {mark}")], []), "ann", now);
        await app.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<StatusDb>();
            db.AddRange(component, group, incident, over, maintenance, confirmed, pending, follower, metric);
            db.AddRange(page.GiveTemplates(now));
            db.AddRange(draft, spare, item, learned);
            db.MetricPoints.Add(
                new()
                {
                    MetricId = metric.Id,
                    At = MetricSeries.Floor(now, MetricSeries.Step),
                    Mean = 5,
                    Count = 1,
                }
            );
            var version = await db.PublishAsync(page.Id, DateTimeOffset.UtcNow, default);
            services.GetRequiredService<PublishBell>().Ring();
            return await services.GetRequiredService<PublicSites>().Of(page.Id)!.ShowsAsync(version, Eventually.Deadline, default);
        });
        var template = await app.InStoreAsync(db => db.Templates.AsNoTracking().FirstAsync(row => row.PageId == page.Id));
        return new(page, mark)
        {
            Component = component,
            Group = group,
            Incident = incident,
            Over = over,
            Maintenance = maintenance,
            Confirmed = confirmed,
            Pending = pending,
            Follower = follower,
            Metric = metric,
            Template = template,
            Draft = draft,
            SpareDraft = spare,
            Item = item,
        };
    }

    /// <summary>Every row of the store that belongs to this page or names something on it, as text.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(AppHost app)
    {
        var ids = Ids;
        return [.. (await LinesAsync(app)).Where(line => ids.Any(id => line.Contains(id, StringComparison.Ordinal))).Order(StringComparer.Ordinal)];
    }

    /// <summary>Every row of the store except sessions, which change when they are used, and the rows that probe whether writing works.</summary>
    public static async Task<IReadOnlyList<string>> AllAsync(AppHost app) =>
        [
            .. (await LinesAsync(app))
                .Where(line => !line.StartsWith("DeskSession:", StringComparison.Ordinal) && !line.StartsWith("WriteProbe:", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];

    private static Task<List<string>> LinesAsync(AppHost app) =>
        app.InStoreAsync(async db =>
        {
            var lines = new List<string>();
            foreach (
                var type in db
                    .Model.GetEntityTypes()
                    .Where(type => !type.IsOwned() && !type.HasSharedClrType && type.FindPrimaryKey() is not null)
                    .Select(type => type.ClrType)
                    .Distinct()
            )
                lines.AddRange(
                    await (Task<List<string>>)
                        typeof(PageRows)
                            .GetMethod(nameof(LinesOfAsync), BindingFlags.NonPublic | BindingFlags.Static)!
                            .MakeGenericMethod(type)
                            .Invoke(null, [db])!
                );
            return lines;
        });

    private static async Task<List<string>> LinesOfAsync<T>(StatusDb db)
        where T : class =>
        (await db.Set<T>().IgnoreQueryFilters().ToListAsync()).ConvertAll(row =>
            $"{typeof(T).Name}: "
            + string.Join(", ", db.Entry(row).Properties.Select(property => $"{property.Metadata.Name}={TextOf(property.CurrentValue)}"))
        );

    private static string TextOf(object? value) =>
        value switch
        {
            null => "",
            string text => text,
            byte[] bytes => Convert.ToHexString(bytes),
            DateTimeOffset at => at.ToString("O", CultureInfo.InvariantCulture),
            IEnumerable list => $"[{string.Join(' ', list.Cast<object>())}]",
            _ => value.ToString() ?? "",
        };
}
