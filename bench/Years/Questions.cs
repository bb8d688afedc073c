using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Host;
using StatusPage.Web.Data;

namespace Years;

/// <summary>Opens every page of the desk, posts, subscribes, lets the workers look; then asks the store how it answers each query.</summary>
internal static class Questions
{
    private const int Times = 5;

    public static async Task AskAsync(TempFolder folder, string[] store)
    {
        using var heard = new Heard();
        await using var app = await AppHost.StartAsync(folder, null, [.. StatusPage.Tests.Host.Desk.Owner, .. store]);
        using var browser = await app.SignInAsync();
        Console.WriteLine("| page of the desk | median | worst | queries |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var path in await PathsAsync(app))
        {
            await browser.GetAsync(path);
            var (times, before) = (new List<double>(), heard.Count);
            for (var i = 0; i < Times; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await browser.GetAsync(path);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
            times.Sort();
            Console.WriteLine(
                $"| {path} {(browser.Status == System.Net.HttpStatusCode.OK ? "" : browser.Status)} | "
                    + $"{times[Times / 2]:0} ms | {times[^1]:0} ms | {(heard.Count - before) / Times} |"
            );
        }
        await ActAsync(app);
        Console.WriteLine();
        foreach (var line in await heard.ExplainAsync(app))
            Console.WriteLine(line);
    }

    /// <summary>Every page without a parameter, and those with one for the newest that there is.</summary>
    private static async Task<IReadOnlyList<string>> PathsAsync(AppHost app) =>
        await app.InStoreAsync(async db =>
        {
            var incident = await db.Incidents.OrderByDescending(row => row.StartedAt).FirstAsync();
            var update = await db
                .Incidents.Where(row => row.Id == incident.Id)
                .SelectMany(row => row.Updates)
                .OrderBy(row => row.Number)
                .Select(row => row.Id)
                .FirstAsync();
            var told = await db
                .Announcements.Where(row => row.CountedAt == null && row.UpdateId != null)
                .OrderByDescending(row => row.CreatedAt)
                .FirstAsync();
            var counted = await db
                .Announcements.Where(row => row.CountedAt != null && row.UpdateId != null)
                .OrderByDescending(row => row.CreatedAt)
                .FirstAsync();
            var subscriber = await db.Subscribers.FirstAsync();
            var component = await db.Components.FirstAsync();
            return (IReadOnlyList<string>)
                [
                    .. app
                        .Services.GetRequiredService<Microsoft.AspNetCore.Routing.EndpointDataSource>()
                        .Endpoints.OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()
                        .Select(endpoint => "/" + endpoint.RoutePattern.RawText?.TrimStart('/'))
                        .Where(path => path.StartsWith("/admin", StringComparison.Ordinal) && !path.Contains('{', StringComparison.Ordinal))
                        .Where(path => path is not ("/admin/sign-out" or "/admin/denied" or "/admin/missing"))
                        .Distinct()
                        .Order(StringComparer.Ordinal),
                    "/admin/incidents?q=certificate",
                    "/admin/incidents?page=20",
                    $"/admin/incidents/{incident.Id}",
                    $"/admin/incidents/{incident.Id}/updates/{update}",
                    $"/admin/deliveries/{told.UpdateId}",
                    $"/admin/deliveries/{told.UpdateId}?state=failed",
                    $"/admin/deliveries/{told.UpdateId}?q=s4777",
                    $"/admin/deliveries/{counted.UpdateId}",
                    "/admin/subscribers?q=s49999",
                    "/admin/subscribers?q=customer",
                    "/admin/subscribers?page=900",
                    $"/admin/subscribers/{subscriber.Id}",
                    $"/admin/components/{component.Id}",
                    "/admin/audit?actor=person7@acme.example",
                    "/admin/audit?q=Case%2012345",
                    "/admin/audit?page=300",
                    "/",
                    "/history",
                    "/search?q=certificate",
                    $"/history/{DateTime.UtcNow.AddYears(-3):yyyy-MM}",
                    $"/incidents/{incident.Id}",
                    "/system-metrics",
                ];
        });

    /// <summary>What people and programs do beside looking, and what workers do by themselves meanwhile.</summary>
    private static async Task ActAsync(AppHost app)
    {
        using var api = await app.ApiAsync();
        var began = Stopwatch.GetTimestamp();
        await api.OpenIncidentAsync();
        Console.WriteLine();
        Console.WriteLine($"A post: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms.");
        using var reader = app.NewBrowser();
        for (var i = 0; i < Times; i++)
        {
            began = Stopwatch.GetTimestamp();
            await reader.FillInAsync("/subscribe", new { Email = $"new{i}@elsewhere.example" }, "form[action*='subscribe']");
            Console.WriteLine($"POST /subscribe: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms, {reader.Status}.");
        }
        var id = await app.InStoreAsync(db =>
            db.Announcements.Where(row => row.Kind == AnnouncementKind.IncidentUpdate)
                .OrderByDescending(row => row.CreatedAt)
                .Select(row => row.Id)
                .FirstAsync()
        );
        began = Stopwatch.GetTimestamp();
        while (await app.InStoreAsync(db => db.Announcements.AnyAsync(row => row.Id == id && row.FannedOutAt == null)))
            await Task.Delay(50);
        Console.WriteLine($"Its rows in the ledger: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms after the last subscription.");
        began = Stopwatch.GetTimestamp();
        await app.InScopeAsync(async services =>
        {
            await services.GetRequiredService<Retention>().RunAsync(default);
            return 0;
        });
        Console.WriteLine($"Retention, a round: {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms.");
    }
}
