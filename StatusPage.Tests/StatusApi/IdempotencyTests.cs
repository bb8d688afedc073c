using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;
using StatusPage.Web.StatusApi;

namespace StatusPage.Tests.StatusApi;

/// <summary>A program that lost its connection sends again, and nothing happens twice.</summary>
public sealed class IdempotencyTests(PostgresServer postgres)
{
    private static Task<ApiAnswer> SendAsync(ApiClient api, string path, object body, string idempotencyKey, HttpMethod? method = null) =>
        api.SendAsync(method ?? HttpMethod.Post, path, JsonContent.Create(body), idempotencyKey);

    private static bool IsReplayed(ApiAnswer answer) => answer.Response.Headers.Contains("Idempotency-Replayed");

    private static readonly object Errors = new { incident = new { name = "Errors", body = "We look." } };

    [Fact]
    public async Task What_is_sent_again_is_answered_as_the_first_time_and_done_once()
    {
        await using var app = await AppHost.StartBesideAsync();
        using var api = await app.ApiAsync();
        var first = (await SendAsync(api, "incidents", Errors, "a")).Expect(HttpStatusCode.Created);
        var again = (await SendAsync(api, "incidents", Errors, "a")).Expect(HttpStatusCode.Created);
        Assert.Equal((false, true), (IsReplayed(first), IsReplayed(again)));
        Assert.Equal(first.Json.GetRawText(), again.Json.GetRawText());
        Assert.NotEqual(first.Id, (await SendAsync(api, "incidents", Errors, "b")).Expect(HttpStatusCode.Created).Id);
        // This holds for an update too; the answer is the first one, not the present state.
        var update = new { incident = new { status = "identified", body = "Found." } };
        var posted = (await SendAsync(api, $"incidents/{first.Id}", update, "c", HttpMethod.Patch)).Expect(HttpStatusCode.OK);
        await api.PatchAsync($"incidents/{first.Id}", new { incident = new { status = "resolved", body = "Done." } });
        Assert.Equal(
            "identified",
            (await SendAsync(api, $"incidents/{first.Id}", update, "c", HttpMethod.Patch)).Expect(HttpStatusCode.OK).Text("status")
        );
        Assert.Equal(
            3,
            await app.InStoreAsync(async db =>
                (await db.Incidents.Include(row => row.Updates).SingleAsync(row => row.Id == StatusPage.Domain.IncidentId.Of(first.Id))).Updates.Count
            )
        );
        Assert.Equal(2, await app.InStoreAsync(db => db.Incidents.CountAsync(row => row.PageId == api.Page)));
        Assert.Equal(2, posted.Json.GetProperty("incident_updates").GetArrayLength());
    }

    [Fact]
    public async Task A_key_with_another_request_is_refused_and_another_program_has_keys_of_its_own()
    {
        await using var app = await AppHost.StartBesideAsync();
        using var api = await app.ApiAsync();
        using var other = await app.ApiAsync(Role.Owner);
        (await SendAsync(api, "incidents", Errors, "a")).Expect(HttpStatusCode.Created);
        (await SendAsync(api, "incidents", new { incident = new { name = "Others", body = "x" } }, "a")).ExpectError(HttpStatusCode.UnprocessableEntity);
        Assert.False(IsReplayed((await SendAsync(other, "incidents", Errors, "a")).Expect(HttpStatusCode.Created)));
        (await SendAsync(api, "incidents", Errors, new string('x', 256))).ExpectError(HttpStatusCode.BadRequest);
        Assert.Equal(2, await app.InStoreAsync(db => db.Incidents.CountAsync(row => row.PageId == api.Page)));
    }

    [Fact]
    public async Task What_failed_is_mended_and_sent_again_under_the_same_key()
    {
        await using var app = await AppHost.StartBesideAsync();
        using var api = await app.ApiAsync();
        (await SendAsync(api, "incidents", new { incident = new { name = "", body = "We look." } }, "a")).ExpectError(HttpStatusCode.UnprocessableEntity);
        (await SendAsync(api, "incidents", Errors, "a")).Expect(HttpStatusCode.Created);
    }

    [Fact]
    public async Task What_is_said_once_is_not_readable_in_the_store()
    {
        await using var sink = await HttpSink.StartAsync();
        await using var app = await AppHost.StartBesideAsync("--Outbound:Allow", "127.0.0.0/8");
        using var api = await app.ApiAsync();
        var hook = new
        {
            subscriber = new
            {
                email = "ops@example.com",
                endpoint = sink.Url + "/status",
                skip_confirmation_notification = true,
            },
        };
        var secret = (await SendAsync(api, "subscribers", hook, "a")).Expect(HttpStatusCode.Created).Text("signing_secret")!;
        Assert.Equal(secret, (await SendAsync(api, "subscribers", hook, "a")).Expect(HttpStatusCode.Created).Text("signing_secret"));
        var kept = await app.InStoreAsync(db => db.IdempotentRequests.SingleAsync());
        Assert.DoesNotContain(secret, System.Text.Encoding.UTF8.GetString(kept.Answer!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_goes_away_in_the_middle_and_comes_back_gets_the_answer()
    {
        await using var app = await DirectServer.StartDirectAsync();
        var page = await app.PageAsync();
        (string, string)[] headers =
        [
            ("Authorization", $"OAuth {await app.KeyAsync(page.Id)}"),
            ("Content-Type", "application/json"),
            (Idempotency.Header, "a"),
        ];
        var body = """{"incident": {"name": "Errors", "body": "We look."}}"""u8.ToArray();
        var gone = await app.SendDirectAsync("POST", $"/v1/pages/{page.Id}/incidents", headers, body, aborted: true);
        var again = await app.SendDirectAsync("POST", $"/v1/pages/{page.Id}/incidents", headers, body);
        Assert.Equal((201, 201), (gone.Status, again.Status));
        Assert.Equal("true", again.Headers[Idempotency.ReplayedHeader]);
        Assert.Equal(1, await app.InStoreAsync(db => db.Incidents.CountAsync()));
    }

    /// <summary>The state after the program was killed behind the commit.</summary>
    [Fact]
    public async Task Where_the_answer_was_lost_what_was_made_or_changed_is_told()
    {
        await using var app = await AppHost.StartBesideAsync();
        using var api = await app.ApiAsync(Role.Owner);
        var made = new List<(string Path, object Body, string Id)>();
        foreach (
            var (path, body) in new (string, object)[]
            {
                ("incidents", Errors),
                (
                    "incidents",
                    new
                    {
                        incident = new
                        {
                            name = "Work",
                            status = "scheduled",
                            scheduled_for = DateTimeOffset.UtcNow.AddDays(1),
                            scheduled_until = DateTimeOffset.UtcNow.AddDays(2),
                        },
                    }
                ),
                ("components", new { component = new { name = "API" } }),
                ("subscribers", new { subscriber = new { email = "ann@example.com" } }),
                (
                    "incident_templates",
                    new
                    {
                        template = new
                        {
                            name = "T",
                            title = "x",
                            body = "y",
                        },
                    }
                ),
            }
        )
            made.Add((path, body, (await SendAsync(api, path, body, $"{path}{made.Count}")).Expect(HttpStatusCode.Created).Id));
        var update = new { incident = new { status = "identified", body = "Found." } };
        (await SendAsync(api, $"incidents/{made[0].Id}", update, "update", HttpMethod.Patch)).Expect(HttpStatusCode.OK);
        await app.InStoreAsync(db =>
            db.IdempotentRequests.ExecuteUpdateAsync(set =>
                set.SetProperty(row => row.Status, (int?)null)
                    .SetProperty(row => row.Answer, (byte[]?)null)
                    .SetProperty(row => row.At, DateTimeOffset.UtcNow.AddMinutes(-1))
            )
        );

        foreach (var (i, (path, body, id)) in made.Index())
        {
            var again = (await SendAsync(api, path, body, $"{path}{i}")).Expect(HttpStatusCode.Created);
            Assert.Equal((id, true), (again.Id, IsReplayed(again)));
        }
        var changed = (await SendAsync(api, $"incidents/{made[0].Id}", update, "update", HttpMethod.Patch)).Expect(HttpStatusCode.OK);
        Assert.Equal((made[0].Id, "identified", true), (changed.Id, changed.Text("status"), IsReplayed(changed)));
        Assert.Equal(1, await app.InStoreAsync(db => db.Incidents.CountAsync(row => row.PageId == api.Page)));
    }

    [Fact]
    public Task Of_many_at_the_same_moment_one_is_done() => ManyAsync();

    [Fact]
    public async Task Of_many_at_the_same_moment_one_is_done_on_postgresql() =>
        await ManyAsync("--ConnectionStrings:Postgres", await postgres.CreateDatabaseAsync());

    private static async Task ManyAsync(params string[] arguments)
    {
        await using var app = await AppHost.StartBesideAsync(arguments);
        using var api = await app.ApiAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => SendAsync(api, "incidents", Errors, "a")));
        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { HttpStatusCode.Created, HttpStatusCode.Conflict }));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created && !IsReplayed(answer));
        Assert.Equal(1, await app.InStoreAsync(db => db.Incidents.CountAsync(row => row.PageId == api.Page)));
        Assert.True(IsReplayed((await SendAsync(api, "incidents", Errors, "a")).Expect(HttpStatusCode.Created)));
    }
}
