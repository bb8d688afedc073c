using System.Net;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Incidents;

/// <summary>The way in by which somebody acts on an incident. The rules do not depend on it.</summary>
public enum Road
{
    Desk,
    V1,
}

/// <summary>An application with a person at the desk and a program with a key, who do the same things.</summary>
public sealed class Roads : IAsyncDisposable
{
    private Roads(AppHost app, BrowserSession owner, ApiClient api) => (App, Owner, Api) = (app, owner, api);

    public AppHost App { get; }
    public BrowserSession Owner { get; }
    public ApiClient Api { get; }

    public static async Task<Roads> BuildAsync(params string[] settings)
    {
        var app = await AppHost.StartAsync([.. Desk.Owner, .. settings]);
        return new(app, await app.SignInAsync(), await app.ApiAsync(Role.Owner));
    }

    /// <returns>Why it was refused; null if it was done.</returns>
    public async Task<string?> OpenAsync(
        Road road,
        string body,
        Severity? severity = null,
        Dictionary<ComponentId, ComponentStatus>? states = null,
        DateTimeOffset? startedAt = null,
        DateTimeOffset? endedAt = null,
        bool backfilled = false
    )
    {
        if (road == Road.Desk)
        {
            var fields = new Dictionary<string, object?>
            {
                ["Title"] = "Errors",
                ["Severity"] = severity?.Code() ?? "",
                ["Update.Body"] = body,
            };
            foreach (var (id, status) in states ?? [])
                fields[$"Update.Components[{id}]"] = status.Code();
            if (startedAt is { } start)
                fields["StartedAt"] = Field(start);
            if (endedAt is { } end)
                fields["EndedAt"] = Field(end);
            if (backfilled)
                fields["Backfilled"] = "true";
            return RefusedBy(await Owner.FillInAsync("/admin/incidents/new", fields, "form[data-compose]"));
        }
        var incident = new Dictionary<string, object?>
        {
            ["name"] = "Errors",
            ["body"] = body,
            ["severity"] = severity?.Code(),
            ["components"] = states?.ToDictionary(state => state.Key.Value, state => state.Value.Code()),
        };
        if (backfilled)
            (incident["backfilled"], incident["backfill_date"], incident["resolved_at"]) = (true, startedAt, endedAt);
        else
            incident["started_at"] = startedAt;
        return RefusedBy(await Api.PostAsync("incidents", new { incident }));
    }

    /// <param name="severity">A new severity.</param>
    public async Task<string?> UpdateAsync(Road road, IncidentId id, string body, Phase? phase = null, Severity? severity = null)
    {
        if (road == Road.V1)
            return RefusedBy(
                await Api.PatchAsync(
                    $"incidents/{id}",
                    new
                    {
                        incident = new
                        {
                            body,
                            status = phase?.Code(),
                            severity = severity?.Code(),
                        },
                    }
                )
            );
        var fields = new Dictionary<string, object?> { ["Update.Body"] = body };
        if (phase is { } chosen)
            fields["Update.Phase"] = chosen.Code();
        if (severity is { } rated)
            fields["Severity"] = rated.Code();
        return RefusedBy(await Owner.FillInAsync($"/admin/incidents/{id}", fields, "form[data-compose]"));
    }

    /// <summary>Changes the title, the severity or the start without an update.</summary>
    public async Task<string?> DescribeAsync(Road road, IncidentId id, string? title = null, Severity? severity = null, DateTimeOffset? startedAt = null)
    {
        if (road == Road.V1)
            return RefusedBy(
                await Api.PatchAsync(
                    $"incidents/{id}",
                    new
                    {
                        incident = new
                        {
                            name = title,
                            severity = severity?.Code(),
                            started_at = startedAt,
                        },
                    }
                )
            );
        var fields = new Dictionary<string, object?>();
        if (title is not null)
            fields["Description.Title"] = title;
        if (severity is { } rated)
            fields["Description.Severity"] = rated.Code();
        if (startedAt is { } start)
            fields["Description.StartedAt"] = Field(start);
        return RefusedBy(await Owner.FillInAsync($"/admin/incidents/{id}", fields, "form[action*=Describe]"));
    }

    public async Task<string?> CorrectAsync(Road road, IncidentId id, UpdateId update, string body) =>
        road == Road.V1
            ? RefusedBy(await Api.PatchAsync($"incidents/{id}/incident_updates/{update}", new { incident_update = new { body } }))
            : RefusedBy(await Owner.FillInAsync($"/admin/incidents/{id}/updates/{update}", new { Body = body }, "form[action*=Correct]"));

    public Task<Incident> IncidentAsync() =>
        App.InStoreAsync(db => db.Incidents.AsNoTracking().Include(row => row.Updates.OrderBy(update => update.Number)).SingleAsync());

    public Task<ComponentStatus> StatusAsync(ComponentId id) => App.StateAsync(id);

    /// <summary>Makes posts of this severity need a second person.</summary>
    public async Task RequireApprovalAsync(Severity severity)
    {
        var page = await App.PageAsync();
        await App.InStoreAsync(async db =>
        {
            var rule = SeverityRule.Default(page.Id, severity);
            rule.Decide(rule.Cadence, rule.ProposedStatus, needsApproval: true);
            db.SeverityRules.Add(rule);
            return await db.SaveChangesAsync();
        });
    }

    private static string Field(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    private string? RefusedBy(IHtmlDocument page)
    {
        if (Owner.Status == HttpStatusCode.OK)
            return null;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, Owner.Status);
        return string.Join(' ', page.QuerySelectorAll(".validation-summary-errors, .field-validation-error").Select(error => error.TextContent.Trim()));
    }

    private static string? RefusedBy(ApiAnswer answer)
    {
        if ((int)answer.Status is 200 or 201)
            return null;
        answer.ExpectError(HttpStatusCode.UnprocessableEntity);
        return answer.Text("message");
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        Owner.Dispose();
        await App.DisposeAsync();
    }
}
