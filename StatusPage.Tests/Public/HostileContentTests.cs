using System.Globalization;
using System.Net;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;
using StatusPage.Tests.Shared;
using StatusPage.Web.Maintenances;
using StatusPage.Web.Public;

namespace StatusPage.Tests.Public;

/// <summary>Nothing that anybody can store stops the page, the desk, the mails or another page.</summary>
public sealed class HostileContentTests : IAsyncLifetime
{
    private const int Bodies = 40;

    private readonly MailServer _mail = new();
    private AppHost _app = null!;
    private ApiClient _api = null!;
    private BrowserSession _owner = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync([.. Desk.Owner, "--Email:Smtp", _mail.Url, "--Email:From", "Acme <status@acme.example>"]);
        _api = await _app.ApiAsync(Role.Owner);
        _owner = await _app.SignInAsync();
        await _app.ComponentAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _owner.Dispose();
        _api.Dispose();
        await _app.DisposeAsync();
        await _mail.DisposeAsync();
    }

    [Fact]
    public async Task After_every_body_the_next_incident_is_on_the_page()
    {
        var bodies = new List<string>(HostileBodies.Known);
        HostileBodies.Any.Sample(bodies.Add, iter: Bodies, threads: 1);
        foreach (var body in bodies)
        {
            var opened = await _api.PostAsync(
                "incidents",
                new
                {
                    incident = new
                    {
                        name = "Odd",
                        body,
                        deliver_notifications = false,
                    },
                }
            );
            if (opened.Status == HttpStatusCode.Created)
            {
                await ShowsAsync($"/incidents/{opened.Id}", "Odd");
                await _owner.GetAsync($"/admin/incidents/{opened.Id}");
                Assert.Equal(HttpStatusCode.OK, _owner.Status);
            }
            else
                opened.ExpectError(HttpStatusCode.UnprocessableEntity);
            await NextShowsAsync();
            if (opened.Status == HttpStatusCode.Created)
                await _api.DeleteAsync($"incidents/{opened.Id}");
        }
        Assert.Empty(_app.Services.GetRequiredService<PublicSites>().First.Current!.Failed);
    }

    [Theory]
    [MemberData(nameof(Known))]
    public async Task A_body_that_once_stopped_the_page_reaches_feeds_mails_notes_maintenances_and_postmortems(int number)
    {
        var body = HostileBodies.Known[number];
        await _app.SubscriberAsync("ann@customer.example");
        var opened = await _api.PostAsync("incidents", new { incident = new { name = $"Odd {number}", body } });
        if (opened.Status == HttpStatusCode.UnprocessableEntity)
        {
            Assert.Contains("stands in", opened.Text("message")!, StringComparison.Ordinal);
            // Content that is stored already is still shown.
            opened = await _api.OpenIncidentAsync(new { name = $"Odd {number}", body = "x" });
            await _app.InStoreAsync(db =>
                db.Database.ExecuteSqlRawAsync("""UPDATE "IncidentUpdates" SET "Body" = {0} WHERE "IncidentId" = {1}""", body, opened.Id)
            );
            // Every change of an incident raises the version.
            await _app.InStoreAsync(db =>
                db.Database.ExecuteSqlRawAsync("""UPDATE "Incidents" SET "Version" = "Version" + 1 WHERE "Id" = {0}""", opened.Id)
            );
            body = "x";
        }
        else
        {
            var last = body[(body.LastIndexOfAny([' ', '\n']) + 1)..];
            Assert.Contains(
                last,
                (await _mail.WaitForAsync(mail => (mail.Message.Subject ?? "").Contains($"Odd {number}", StringComparison.Ordinal))).Text,
                StringComparison.Ordinal
            );
        }
        await _owner.FillInAsync($"/admin/incidents/{opened.Id}", new { Note = body }, "form[action*=Note]");
        Assert.Equal(HttpStatusCode.OK, _owner.Status);
        var (from, until) = (DateTimeOffset.UtcNow.AddHours(1), DateTimeOffset.UtcNow.AddHours(2));
        (
            await _api.PostAsync(
                "incidents",
                new
                {
                    incident = new
                    {
                        name = "Odd work",
                        body,
                        scheduled_for = from,
                        scheduled_until = until,
                    },
                }
            )
        ).Expect(HttpStatusCode.Created);
        (await _api.PatchAsync($"incidents/{opened.Id}", new { incident = new { status = "resolved", body } })).Expect(HttpStatusCode.OK);
        (
            await _api.SendTextAsync(
                HttpMethod.Put,
                $"incidents/{opened.Id}/postmortem",
                System.Text.Json.JsonSerializer.Serialize(new { postmortem = new { body_draft = body } })
            )
        ).Expect(HttpStatusCode.OK);
        await NextShowsAsync();
        foreach (
            var path in new[]
            {
                "/",
                "/history",
                "/history.rss",
                "/history.atom",
                "/feed.json",
                "/history.ics",
                "/maintenance.ics",
                $"/incidents/{opened.Id}",
                $"/incidents/{opened.Id}.atom",
                "/api/v2/summary.json",
            }
        )
        {
            using var answer = await _app.Http.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        }
        foreach (var path in new[] { "/admin", $"/admin/incidents/{opened.Id}", "/admin/maintenances" })
        {
            await _owner.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.OK), (path, _owner.Status));
        }
    }

    public static IEnumerable<TheoryDataRow<int>> Known =>
        Enumerable.Range(0, HostileBodies.Known.Length).Select(number => new TheoryDataRow<int>(number));

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z")]
    [InlineData("2026-12-01T00:00:00Z", "9999-12-31T23:59:59Z")]
    [InlineData("0001-01-01T00:00:00+14:00", "2026-12-31T00:00:00Z")]
    [InlineData("1999-12-31T23:59:59Z", "2000-01-01T00:00:00Z")]
    public async Task A_maintenance_out_of_all_bounds_is_refused_in_words(string from, string until) =>
        (
            await _api.PostAsync(
                "incidents",
                new
                {
                    incident = new
                    {
                        name = "Work",
                        body = "x",
                        scheduled_for = from,
                        scheduled_until = until,
                    },
                }
            )
        ).ExpectError(HttpStatusCode.UnprocessableEntity);

    [Fact]
    public async Task One_that_is_stored_already_stops_nothing()
    {
        var bad = await _api.PostAsync(
            "incidents",
            new
            {
                incident = new
                {
                    name = "Eternal work",
                    body = "x",
                    scheduled_for = DateTimeOffset.UtcNow.AddDays(1),
                    scheduled_until = DateTimeOffset.UtcNow.AddDays(2),
                },
            }
        );
        await _app.InStoreAsync(db =>
            db.Database.ExecuteSqlRawAsync(
                """UPDATE "Maintenances" SET "ScheduledFor" = {0}, "ScheduledUntil" = {1}, "VerifyFor" = {2}, "End" = 2 WHERE "Id" = {3}""",
                DateTimeOffset.MinValue.ToUnixTimeMilliseconds(),
                DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(),
                int.MaxValue,
                bad.Id
            )
        );
        await NextShowsAsync();
        await _app.Services.GetRequiredService<MaintenanceWatch>().LookAsync(default);
        foreach (var path in new[] { "/admin", "/admin/maintenances", $"/admin/maintenances/{bad.Id}" })
        {
            await _owner.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.OK), (path, _owner.Status));
        }
        Assert.Contains("Eternal work", await _app.Http.GetStringAsync("/maintenance.ics"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uptime?end=0001-01-01")]
    [InlineData("uptime?start=0001-01-01")]
    [InlineData("uptime?end=9999-12-31T23:59:59Z&start=9999-12-30")]
    [InlineData("uptime?start=0001-01-01T00:00:00%2B14:00")]
    public async Task Uptime_out_of_all_bounds_is_refused_in_words(string query)
    {
        var id = (await _app.InStoreAsync(db => db.Components.AsNoTracking().FirstAsync())).Id;
        (await _api.GetAsync($"components/{id}/{query}")).ExpectError(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    public async Task So_is_a_promise(string by) =>
        (
            await _api.PostAsync(
                "incidents",
                new
                {
                    incident = new
                    {
                        name = "x",
                        body = "x",
                        next_update_at = by,
                    },
                }
            )
        ).ExpectError(HttpStatusCode.UnprocessableEntity);

    [Theory]
    [InlineData("/history/0001-01", HttpStatusCode.NotFound)]
    [InlineData("/history/9999-12", HttpStatusCode.NotFound)]
    [InlineData("/history/0000-00", HttpStatusCode.NotFound)]
    public async Task No_month_is_out_of_bounds(string path, HttpStatusCode status) => Assert.Equal(status, (await _app.Http.GetAsync(path)).StatusCode);

    [Theory]
    [InlineData("/admin/audit?since=0001-01-01&until=9999-12-31")]
    [InlineData("/admin/audit?until=0001-01-01")]
    [InlineData("/admin/audit?handler=Export&format=jsonl&since=9999-12-31")]
    public async Task Nor_is_a_filter(string path)
    {
        await _owner.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, _owner.Status);
    }

    [Theory]
    [InlineData("VerifyFor", "2147483647")]
    [InlineData("VerifyFor", "99999")]
    [InlineData("RemindBefore", "2147483647")]
    [InlineData("ScheduledUntil", "9999-12-31T23:59")]
    [InlineData("ScheduledFor", "0001-01-01T00:00")]
    [InlineData("LastDay", "9999-12-31")]
    public async Task The_form_of_a_maintenance_says_what_is_too_much(string field, string value)
    {
        var (from, until) = (
            DateTime.UtcNow.AddDays(3).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture),
            DateTime.UtcNow.AddDays(3).AddHours(1).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture)
        );
        var form = new Dictionary<string, object?>
        {
            ["Title"] = "Work",
            ["Body"] = "x",
            ["ScheduledFor"] = from,
            ["ScheduledUntil"] = until,
            ["End"] = "Verified",
            ["Unit"] = field == "LastDay" ? "Month" : "no",
            ["Interval"] = "90",
        };
        form[field] = value;
        await _owner.FillInAsync("/admin/maintenances/new", form, "main form");
        Assert.Contains(_owner.Status, new[] { HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity });
        await NextShowsAsync();
    }

    private async Task NextShowsAsync()
    {
        var name = $"Outage {Guid.NewGuid():N}";
        var next = await _api.OpenIncidentAsync(new { name, body = "We are investigating." });
        await ShowsAsync("/", name);
        (await _api.PatchAsync($"incidents/{next.Id}", new { incident = new { status = "resolved", body = "It works again." } })).Expect(
            HttpStatusCode.OK
        );
    }

    private Task ShowsAsync(string path, string words) =>
        Eventually.TrueAsync(
            $"{path} shows {words}",
            async () =>
            {
                using var answer = await _app.Http.GetAsync(path);
                return (await answer.Content.ReadAsStringAsync()).Contains(words, StringComparison.Ordinal);
            }
        );
}
