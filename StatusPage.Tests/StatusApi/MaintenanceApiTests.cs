using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Components;
using StatusPage.Domain.Maintenances;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.StatusApi;

/// <summary>Maintenances through the API: one PATCH is one change, and a PATCH that changes nothing leaves no trace.</summary>
public sealed class MaintenanceApiTests : IAsyncLifetime
{
    private AppHost _app = null!;
    private ApiClient _api = null!;
    private Component _one = null!;
    private Component _other = null!;
    private DateTimeOffset _from;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync(["--Page:Name", "Acme", .. Desk.Owner]);
        _api = await _app.ApiAsync();
        (_one, _other) = (await _app.ComponentAsync("API"), await _app.ComponentAsync("Website"));
        _from = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.AddDays(2).ToUnixTimeMilliseconds());
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task<ApiAnswer> PostAsync(object incident) => _api.PostAsync("incidents", new { incident });

    private Task<ApiAnswer> PatchAsync(string id, object incident) => _api.PatchAsync($"incidents/{id}", new { incident });

    private async Task<string> ScheduleAsync() => (
            await PostAsync(
                new
                {
                    name = "Upgrade",
                    body = "We upgrade.",
                    scheduled_for = _from,
                    scheduled_until = _from.AddHours(2),
                    component_ids = new[] { _one.Id.Value, _other.Id.Value },
                }
            )
        ).Expect(HttpStatusCode.Created).Id;

    private Task<Maintenance> StoredAsync(string id) =>
        _app.InStoreAsync(db => db.Maintenances.AsNoTracking().Include(row => row.Posts).SingleAsync(row => row.Id == Domain.MaintenanceId.Of(id)));

    /// <summary>Everything that a change leaves behind.</summary>
    private Task<(int Announcements, int Posts, int Audit, long Page, int Version)> TracesAsync() =>
        _app.InStoreAsync(async db =>
            (
                await db.Announcements.CountAsync(),
                await db.Maintenances.SelectMany(row => row.Posts).CountAsync(),
                await db.Audit.CountAsync(),
                (await db.Pages.AsNoTracking().SingleAsync()).Version,
                await db.Maintenances.SumAsync(row => row.Version)
            )
        );

    private static string[] Updates(ApiAnswer answer) =>
        [
            .. answer
                .Json.GetProperty("incident_updates")
                .EnumerateArray()
                .Select(update => $"{update.GetProperty("status").GetString()}: {update.GetProperty("body").GetString()}"),
        ];

    [Fact]
    public async Task A_status_with_body_name_and_components_moves_it_and_posts_in_one_act()
    {
        var id = await ScheduleAsync();
        var before = await TracesAsync();
        var answer = (
            await PatchAsync(
                id,
                new
                {
                    status = "in_progress",
                    body = "We begin early.",
                    name = "Upgrade of the database",
                    scheduled_until = _from.AddHours(3),
                    components = new Dictionary<string, string> { [_one.Id.Value] = "under_maintenance" },
                }
            )
        ).Expect(HttpStatusCode.OK);
        Assert.Equal(("in_progress", "Upgrade of the database"), (answer.Text("status"), answer.Text("name")));
        Assert.Equal(["in_progress: We begin early.", "scheduled: We upgrade."], Updates(answer));
        Assert.Equal((before.Announcements + 1, before.Posts + 1, before.Audit + 1, before.Page + 1, before.Version + 1), await TracesAsync());
        Assert.Equal(2, (await StoredAsync(id)).ComponentIds.Count);
        Assert.Contains("We begin early.", await _app.Http.GetStringAsync("/"), StringComparison.Ordinal);

        answer = (
            await PatchAsync(id, new { status = "completed", components = new Dictionary<string, string> { [_one.Id.Value] = "operational" } })
        ).Expect(HttpStatusCode.OK);
        Assert.Equal(["completed: The maintenance is completed.", "in_progress: We begin early.", "scheduled: We upgrade."], Updates(answer));
        Assert.Equal((2, "We upgrade."), ((await StoredAsync(id)).ComponentIds.Count, (await StoredAsync(id)).Body));
    }

    [Fact]
    public async Task What_says_what_is_so_already_leaves_no_trace()
    {
        var id = await ScheduleAsync();
        await PatchAsync(id, new { status = "in_progress" });
        var before = await TracesAsync();
        foreach (
            var body in new[]
            {
                """{"status":null}""",
                """{"status":"in_progress"}""",
                """{"status":""}""",
                """{"body":""}""",
                """{"body":null}""",
                """{"components":{}}""",
                """{"component_ids":[]}""",
                """{"component_ids":null}""",
                """{"name":"Upgrade"}""",
                """{"name":""}""",
                """{"scheduled_for":"","scheduled_until":null}""",
                """{"scheduled_remind_prior":true,"scheduled_auto_in_progress":true,"scheduled_auto_completed":true}""",
                """{"deliver_notifications":true}""",
                "{}",
                $$"""{"scheduled_for":"{{_from:O}}"}""",
                $$"""{"status":"in_progress","body":"","components":{"{{_one.Id}}":"under_maintenance"} }""",
                $$"""{"component_ids":["{{_other.Id}}","{{_one.Id}}"]}""",
            }
        )
        {
            (await _api.SendTextAsync(HttpMethod.Patch, $"incidents/{id}", $$"""{"incident":{{body}}}""")).Expect(HttpStatusCode.OK);
            Assert.Equal((body, before), (body, await TracesAsync()));
        }
        await PatchAsync(id, new { status = "completed" });
        before = await TracesAsync();
        (await PatchAsync(id, new { status = "completed" })).Expect(HttpStatusCode.OK);
        Assert.Equal(before, await TracesAsync());
        (await PatchAsync(id, new { body = "One more thing." })).ExpectError(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_body_is_a_post_and_the_announcement_is_mended_by_its_id()
    {
        var id = await ScheduleAsync();
        Assert.Equal(
            ["scheduled: All is prepared.", "scheduled: We upgrade."],
            Updates((await PatchAsync(id, new { body = "All is prepared.", scheduled_until = _from.AddHours(4) })).Expect(HttpStatusCode.OK))
        );
        var told = (await TracesAsync()).Announcements;
        var mended = (
            await _api.PatchAsync($"incidents/{id}/incident_updates/{id}", new { incident_update = new { body = "We upgrade the database." } })
        ).Expect(HttpStatusCode.OK);
        Assert.Equal("We upgrade the database.", mended.Text("body"));
        Assert.Equal(("We upgrade the database.", told), ((await StoredAsync(id)).Body, (await TracesAsync()).Announcements));
        var post = (await StoredAsync(id)).Posts.Single().Id;
        (await _api.PatchAsync($"incidents/{id}/incident_updates/{post}", new { incident_update = new { body = "x" } })).ExpectError(
            HttpStatusCode.UnprocessableEntity
        );
        (await _api.PatchAsync($"incidents/{id}/incident_updates/abcdefghij01", new { incident_update = new { body = "x" } })).ExpectError(
            HttpStatusCode.NotFound
        );
    }

    [Fact]
    public async Task An_archived_component_is_left_out_an_unknown_one_and_a_state_of_trouble_are_refused()
    {
        var id = await ScheduleAsync();
        await _app.InStoreAsync(db =>
            db.Components.Where(row => row.Id == _other.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.ArchivedAt, DateTimeOffset.UtcNow))
        );
        (await PatchAsync(id, new { status = "in_progress", component_ids = new[] { _one.Id.Value, _other.Id.Value } })).Expect(HttpStatusCode.OK);
        Assert.Equal(2, (await StoredAsync(id)).ComponentIds.Count);
        var made = (
            await PostAsync(
                new
                {
                    name = "Another",
                    scheduled_for = _from,
                    scheduled_until = _from.AddHours(1),
                    components = new Dictionary<string, string> { [_one.Id.Value] = "", [_other.Id.Value] = "under_maintenance" },
                }
            )
        ).Expect(HttpStatusCode.Created);
        Assert.Equal([_one.Id], (await StoredAsync(made.Id)).ComponentIds);
        Assert.Equal(["scheduled: The maintenance is scheduled."], Updates(made));
        var before = await TracesAsync();
        (await PatchAsync(id, new { status = "completed", component_ids = new[] { "abcdefghij01" } })).ExpectError(HttpStatusCode.UnprocessableEntity);
        (await PatchAsync(id, new { status = "completed", components = new Dictionary<string, string> { [_one.Id.Value] = "major_outage" } })).ExpectError(
            HttpStatusCode.UnprocessableEntity
        );
        Assert.Equal(before, await TracesAsync());
    }

    [Fact]
    public async Task Two_who_change_it_at_once_both_succeed_or_one_is_told()
    {
        var id = await ScheduleAsync();
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => PatchAsync(id, i % 2 == 0 ? new { body = $"Update {i}" } : new { name = $"Upgrade {i}" }))
        );
        Assert.All(answers, answer => Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Conflict, $"{answer.Status}: {answer.Json}"));
        Assert.Equal(1 + answers.Count(answer => answer.Status == HttpStatusCode.OK), (await StoredAsync(id)).Version);
    }

    [Fact]
    public async Task Whoever_read_it_before_another_changed_it_is_refused_by_the_store()
    {
        var id = await ScheduleAsync();
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() =>
            _app.InStoreAsync(async db =>
            {
                var mine = await db.Maintenances.SingleAsync();
                (await PatchAsync(id, new { name = "Theirs" })).Expect(HttpStatusCode.OK);
                mine.Change(new() { Title = "Mine", Author = "ann" }, DateTimeOffset.UtcNow);
                return await db.SaveChangesAsync();
            })
        );
        Assert.Equal("Theirs", (await StoredAsync(id)).Title);
    }

    [Theory]
    [InlineData(Role.Owner, true)]
    [InlineData(Role.Comms, true)]
    [InlineData(Role.Responder, false)]
    [InlineData(Role.Auditor, false)]
    public async Task A_key_may_do_with_it_what_a_person_of_its_role_may(Role role, bool may)
    {
        var (byKey, byHand) = (await ScheduleAsync(), await ScheduleAsync());
        var program = await _app.ApiAsync(role);
        Assert.Equal(
            may ? HttpStatusCode.OK : HttpStatusCode.Forbidden,
            (await program.PatchAsync($"incidents/{byKey}", new { incident = new { status = "in_progress" } })).Status
        );
        Assert.Equal(may ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await program.DeleteAsync($"incidents/{byKey}")).Status);
        await _app.AccountAsync("ann@acme.example", role);
        using var ann = await _app.SignInAsync("ann@acme.example");
        var page = await ann.GetAsync($"/admin/maintenances/{byHand}");
        Assert.Equal(may, page.Forms.Any(form => (form.GetAttribute("action") ?? "").Contains("handler=Cancel", StringComparison.Ordinal)));
        if (may)
            await ann.SubmitAsync(page.Form("Cancel"), new { });
        Assert.Equal((may, may), ((await StoredAsync(byKey)).CancelledAt is not null, (await StoredAsync(byHand)).CancelledAt is not null));
    }

    [Fact]
    public async Task In_the_past_it_is_refused_unless_it_is_a_record()
    {
        var from = DateTimeOffset.UtcNow.AddYears(-1);
        var refused = await PostAsync(
            new
            {
                name = "Upgrade",
                body = "x",
                scheduled_for = from,
                scheduled_until = from.AddHours(2),
            }
        );
        refused.ExpectError(HttpStatusCode.UnprocessableEntity);
        Assert.Contains("\"backfilled\": true", refused.Text("message"), StringComparison.Ordinal);
        (
            await PostAsync(
                new
                {
                    name = "Upgrade",
                    body = "x",
                    scheduled_for = from,
                    scheduled_until = DateTimeOffset.UtcNow.AddHours(2),
                }
            )
        ).ExpectError(HttpStatusCode.UnprocessableEntity);
        (
            await PostAsync(
                new
                {
                    name = "Upgrade",
                    body = "x",
                    scheduled_for = _from,
                    scheduled_until = _from.AddHours(2),
                    backfilled = true,
                }
            )
        ).ExpectError(HttpStatusCode.UnprocessableEntity);
        var moved = await ScheduleAsync();
        (await PatchAsync(moved, new { scheduled_for = from, scheduled_until = from.AddHours(2) })).ExpectError(HttpStatusCode.UnprocessableEntity);

        var told = (await TracesAsync()).Announcements;
        var record = (
            await PostAsync(
                new
                {
                    name = "Old upgrade",
                    body = "We upgraded.",
                    scheduled_for = from,
                    scheduled_until = from.AddHours(2),
                    component_ids = new[] { _one.Id.Value },
                    backfilled = true,
                }
            )
        ).Expect(HttpStatusCode.Created);
        Assert.Equal("completed", record.Text("status"));
        Assert.True(record.Json.GetProperty("backfilled").GetBoolean());
        Assert.Equal(["completed: We upgraded."], Updates(record));
        Assert.Equal(told, (await TracesAsync()).Announcements);
        foreach (var path in new[] { $"/incidents/{record.Id}", "/history" })
        {
            var page = await _app.Http.GetStringAsync(path);
            Assert.Contains("Old upgrade", page, StringComparison.Ordinal);
            Assert.Contains("Added afterwards", page, StringComparison.Ordinal);
            Assert.Contains(from.Year.ToString(System.Globalization.CultureInfo.InvariantCulture), page, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("Old upgrade", await _app.Http.GetStringAsync("/"), StringComparison.Ordinal);
        (await _api.DeleteAsync($"incidents/{record.Id}")).Expect(HttpStatusCode.OK);
        Assert.Equal(
            (told, HttpStatusCode.NotFound),
            ((await TracesAsync()).Announcements, (await _app.Http.GetAsync($"/incidents/{record.Id}")).StatusCode)
        );
    }

    [Fact]
    public async Task Begun_a_little_ago_it_runs_at_once_and_a_new_one_may_begin_with_its_announcement()
    {
        var now = DateTimeOffset.UtcNow;
        Assert.Equal("in_progress", (
                await PostAsync(
                    new
                    {
                        name = "Emergency work",
                        scheduled_for = now.AddMinutes(-20),
                        scheduled_until = now.AddHours(1),
                    }
                )
            ).Expect(HttpStatusCode.Created).Text("status"));
        Assert.Equal("in_progress", (
                await PostAsync(
                    new
                    {
                        name = "Early",
                        status = "in_progress",
                        scheduled_for = _from,
                        scheduled_until = _from.AddHours(1),
                    }
                )
            ).Expect(HttpStatusCode.Created).Text("status"));
        (
            await PostAsync(
                new
                {
                    name = "Odd",
                    status = "completed",
                    scheduled_for = _from,
                    scheduled_until = _from.AddHours(1),
                }
            )
        ).ExpectError(HttpStatusCode.UnprocessableEntity);
        Assert.Equal(2, (await TracesAsync()).Announcements);
    }

    [Fact]
    public async Task Null_makes_no_maintenance_of_an_incident()
    {
        var made = (
            await _api.SendTextAsync(
                HttpMethod.Post,
                "incidents",
                """{"incident":{"name":"Errors","body":"We look.","scheduled_for":null,"scheduled_until":""}}"""
            )
        ).Expect(HttpStatusCode.Created);
        Assert.Equal((JsonValueKind.Null, "investigating"), (made.Json.GetProperty("scheduled_for").ValueKind, made.Text("status")));
    }
}
