using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Postmortems;
using StatusPage.Tests.Host;
using StatusPage.Web.Destinations;

namespace StatusPage.Tests.Destinations;

/// <summary>A page with destinations, and what is sent to them.</summary>
internal static class DestinationApp
{
    public static readonly string[] Args = ["--Outbound:Allow", "127.0.0.0/8", "--Delivery:PerHostPerSecond", "0", .. Desk.Owner];

    public static async Task<Destination> DestinationAsync(
        this AppHost app,
        DestinationKind kind,
        string url,
        Dictionary<string, string?> values,
        string name = "There",
        PageId? page = null
    )
    {
        var none = new Dictionary<string, string>();
        var (settings, _) = DestinationSecrets.Complete(kind, CheckedSettings.Of(kind, url, values, none), none, DateTimeOffset.UtcNow);
        var destination = Destination
            .Add(page ?? (await app.PageAsync()).Id, kind, DateTimeOffset.UtcNow)
            .Configure(name, settings, app.Services.GetRequiredService<DestinationSecrets>().Protect(settings.Secrets), null, DateTimeOffset.UtcNow);
        await app.InStoreAsync(db =>
        {
            db.Destinations.Add(destination);
            return db.SaveChangesAsync();
        });
        app.Services.GetRequiredService<KnownDestinations>().Forget();
        return destination;
    }

    public static Task<Destination> GitHubAsync(this AppHost app, GitHubServer there, string name = "GitHub") =>
        app.DestinationAsync(
            DestinationKind.GitHub,
            there.Url,
            new()
            {
                ["repository"] = "acme/api",
                ["token"] = "gh_t0ken",
                ["secret"] = "hook-secret",
            },
            name
        );

    public static Task<Destination> ConfluenceAsync(this AppHost app, ConfluenceServer there, string name = "Confluence") =>
        app.DestinationAsync(
            DestinationKind.Confluence,
            there.Url,
            new()
            {
                ["email"] = "ops@example.test",
                ["token"] = "t0ken",
                ["space"] = "OPS",
                ["parent"] = "98400",
            },
            name
        );

    /// <summary>An incident that is over, with a postmortem.</summary>
    public static async Task<string> LearnedAsync(this ApiClient api)
    {
        var incident = await api.OpenIncidentAsync();
        await api.PatchAsync($"incidents/{incident.Id}", new { incident = new { status = "resolved", body = "It is over." } });
        var written = await api.SendAsync(
            HttpMethod.Put,
            $"incidents/{incident.Id}/postmortem",
            JsonContent.Create(new { postmortem = new { body_draft = Trial.Template } })
        );
        written.Expect(HttpStatusCode.OK);
        return incident.Id;
    }

    public static async Task<ActionItem> ItemAsync(this AppHost app, string incident, string title)
    {
        var found = await app.InStoreAsync(db => db.Incidents.AsNoTracking().FirstAsync(row => row.Id == IncidentId.Of(incident)));
        var item = ActionItem.Create(found, DateTimeOffset.UtcNow).Write(title, "Alice", null, ActionItemPriority.Normal, null, DateTimeOffset.UtcNow);
        await app.InStoreAsync(db =>
        {
            db.ActionItems.Add(item);
            return db.SaveChangesAsync();
        });
        return item;
    }

    public static Task<DestinationLink> LinkAsync(this AppHost app, string what, Func<DestinationLink, bool> condition) =>
        Eventually.GetAsync(
            what,
            () => app.InStoreAsync(async db => (await db.DestinationLinks.AsNoTracking().OrderBy(row => row.Id).ToListAsync()).FirstOrDefault(condition))
        );

    public static Task<ActionItem> ItemAsync(this AppHost app, ActionItemId id) =>
        app.InStoreAsync(db => db.ActionItems.AsNoTracking().SingleAsync(row => row.Id == id));

    /// <summary>What waits for a later attempt or look is due now.</summary>
    public static async Task HastenAsync(this AppHost app)
    {
        var past = DateTimeOffset.UtcNow.AddSeconds(-1).ToUnixTimeMilliseconds();
        await app.InStoreAsync(db =>
            db.Database.ExecuteSqlRawAsync(
                """
                UPDATE "DestinationLinks" SET
                  "NextAttemptAt" = CASE WHEN "NextAttemptAt" IS NOT NULL AND "LeasedBy" IS NULL THEN {0} ELSE "NextAttemptAt" END,
                  "CheckAt" = CASE WHEN "CheckAt" IS NULL THEN NULL ELSE {0} END
                """,
                past
            )
        );
        app.Services.GetRequiredService<DestinationBell>().Ring();
    }

    public static async Task<HttpStatusCode> GitHubCallsAsync(
        this AppHost app,
        Destination destination,
        string action,
        int number,
        string? reason,
        string delivery,
        string secret = "hook-secret",
        string repository = "acme/api",
        string? text = null
    )
    {
        // GitHub tells the whole issue, with our marker at its end.
        var id = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var link = await app.InStoreAsync(db => db.DestinationLinks.AsNoTracking().FirstOrDefaultAsync(row => row.RemoteId == id));
        text ??= link?.Ref.HiddenMarker ?? "";
        var state = action == "closed" ? "closed" : "open";
        var why = reason is null ? "null" : $"\"{reason}\"";
        var body = Encoding.UTF8.GetBytes(
            $$$"""{"action":"{{{action}}}","issue":{"number":{{{number}}},"state":"{{{state}}}","state_reason":{{{why}}},"body":"{{{text}}}"},"""
                + $$$"""
                "repository":{"full_name":"{{{repository}}}"}}
                """
        );
        using var request = new HttpRequestMessage(HttpMethod.Post, GitHubHook.PathOf(destination)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.Add("X-GitHub-Event", "issues");
        request.Headers.Add("X-GitHub-Delivery", delivery);
        request.Headers.Add(GitHubHook.SignatureHeader, "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)));
        using var answer = await app.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
