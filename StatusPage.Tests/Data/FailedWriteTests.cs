using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StatusPage.Tests.Host;
using StatusPage.Web.Data;

namespace StatusPage.Tests.Data;

/// <summary>A failed write is reported with its cause; the report says that nothing was saved only if that is so.</summary>
[Logs(124)]
public sealed class FailedWriteTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(8, "can only be read")]
    [InlineData(10, "disk")]
    [InlineData(11, "damaged")]
    [InlineData(13, "full")]
    [InlineData(14, "cannot be opened")]
    [InlineData(26, "damaged")]
    public void SQLite_is_away_behind_any_wrapper_and_says_why(int code, string cause) => IsAway(new SqliteException("refused", code), cause);

    [Theory]
    [InlineData("25006", "can only be read")]
    [InlineData("57014", "statement timeout")]
    [InlineData("57P01", "cannot be reached")]
    [InlineData("53100", "full")]
    [InlineData("53300", "no connection left")]
    [InlineData("42501", "denies")]
    public void PostgreSQL_is_away_behind_any_wrapper_and_says_why(string state, string cause) =>
        IsAway(new PostgresException("refused", "ERROR", "ERROR", state), cause);

    private static void IsAway(Exception refused, string cause)
    {
        foreach (
            var wrapped in new[]
            {
                refused,
                new DbUpdateException("x", refused),
                new InvalidOperationException("x", refused),
                new AggregateException(new IOException("x", refused)),
            }
        )
        {
            Assert.True(StoreSetup.IsOutage(wrapped));
            Assert.Contains(cause, StoreFault.Of(wrapped)!.Cause, StringComparison.Ordinal);
        }
        Assert.False(StoreSetup.IsOutage(new IOException("x", new TimeoutException())));
    }

    [Fact]
    public async Task A_database_that_only_reads_is_named_at_the_desk_in_readiness_and_once_in_the_log()
    {
        var connection = await postgres.CreateDatabaseAsync();
        using var folder = new TempFolder();
        await using var app = await StartAsync(folder, [.. Host.Desk.Owner, "--ConnectionStrings:Postgres", connection]);
        var http = app.Http;
        await Eventually.TrueAsync("posts are fine", async () => (await ReadyAsync(http)).Posts == "ok");
        using var owner = new BrowserSession(app.BaseAddress);
        await owner.FillInAsync("/admin/sign-in", new { Host.Desk.Email, Host.Desk.Password });
        await SetReadOnlyAsync(connection, isReadOnly: true);

        await Eventually.TrueAsync(
            "readiness says why",
            async () =>
                await ReadyAsync(http) is { Public: "ok", Posts: "unavailable", Cause: "The database can only be read: it is a standby, or set so." }
        );
        Assert.Contains(
            "Nothing can be saved at the moment: The database can only be read",
            (await owner.GetAsync("/admin/incidents")).Body!.TextContent,
            StringComparison.Ordinal
        );
        var form = (AngleSharp.Html.Dom.IHtmlFormElement)(await owner.GetAsync("/admin/incidents/new")).QuerySelector("main form")!;
        var refused = await owner.SubmitAsync(form, Host.Desk.Example());
        Assert.Contains(
            "The database can only be read: it is a standby, or set so. Nothing was saved.",
            refused.Body!.TextContent,
            StringComparison.Ordinal
        );
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/")).StatusCode);

        await SetReadOnlyAsync(connection, isReadOnly: false);
        await Eventually.TrueAsync("posts are fine again", async () => (await ReadyAsync(http)).Posts == "ok");
        Assert.Single(app.Logged, line => line.Contains("Nothing can be saved. The database can only be read", StringComparison.Ordinal));
        Assert.Single(app.Logged, line => line.Contains("takes what is saved again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_not_said_to_have_failed_and_is_done_once()
    {
        var connection = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync());
        await using var between = new CommitCutter(connection.Port);
        connection.Port = between.Port;
        await using var app = await AppHost.StartAsync([.. Host.Desk.Owner, "--ConnectionStrings:Postgres", connection.ConnectionString]);
        using var api = await app.ApiAsync();
        object incident = new { incident = new { name = "Errors", body = "We look." } };

        between.CutNext("Incidents");
        var cut = await api.PostAsync("incidents", incident, "a");
        cut.ExpectError(HttpStatusCode.ServiceUnavailable);
        Assert.DoesNotContain("Nothing was saved", cut.Text("message"), StringComparison.Ordinal);
        Assert.Contains("nobody knows whether it was", cut.Text("message"), StringComparison.Ordinal);
        var made = await app.InStoreAsync(db => db.Incidents.SingleAsync());
        var again = (await api.PostAsync("incidents", incident, "a")).Expect(HttpStatusCode.Created);
        Assert.Equal((made.Id.Value, "true"), (again.Id, again.Response.Headers.GetValues("Idempotency-Replayed").Single()));
        Assert.Equal(1, await app.InStoreAsync(db => db.Incidents.CountAsync()));

        using var owner = await app.SignInAsync();
        between.CutNext("Incidents");
        var form = (AngleSharp.Html.Dom.IHtmlFormElement)(await owner.GetAsync("/admin/incidents/new")).QuerySelector("main form")!;
        var unsure = await owner.SubmitAsync(form, Host.Desk.Example());
        Assert.Contains("nobody knows whether it was", unsure.Body!.TextContent, StringComparison.Ordinal);
        await owner.SubmitAsync(form, Host.Desk.Example());
        Assert.Equal(2, await app.InStoreAsync(db => db.Incidents.CountAsync()));
    }

    [Fact]
    public async Task A_file_that_was_deleted_under_the_program_takes_no_posts_and_is_said()
    {
        using var folder = new TempFolder();
        await using var app = await StartAsync(folder, Host.Desk.Owner);
        var http = app.Http;
        await Eventually.TrueAsync("posts are fine", async () => (await ReadyAsync(http)).Posts == "ok");
        var (_, key) = await AppCommand.RunAsync("apikey", "create", "--name", "test", "--role", "comms", "--DataDirectory", folder.Path);
        using var status = JsonDocument.Parse(await http.GetStringAsync("/api/v2/summary.json"));
        using var api = new ApiClient(http, Domain.PageId.Of(status.RootElement.GetProperty("page").GetProperty("id").GetString()!), key.Trim());
        await api.OpenIncidentAsync();

        File.Move(folder.File("status.db"), folder.File("moved.db"));
        var lost = await api.PostAsync("incidents", new { incident = new { name = "Lost?", body = "x" } });
        lost.ExpectError(HttpStatusCode.ServiceUnavailable);
        Assert.Contains("moved or deleted", lost.Text("message"), StringComparison.Ordinal);
        await Eventually.TrueAsync(
            "readiness says why",
            async () => (await ReadyAsync(http)).Cause?.Contains("moved or deleted", StringComparison.Ordinal) == true
        );
        Assert.Contains("Elevated error rates", await http.GetStringAsync("/"), StringComparison.Ordinal);

        File.Move(folder.File("moved.db"), folder.File("status.db"));
        await Eventually.TrueAsync(
            "posts are taken again",
            async () => (await api.PostAsync("incidents", new { incident = new { name = "Back again", body = "x" } })).Status == HttpStatusCode.Created
        );
    }

    [Fact]
    public async Task A_part_of_the_database_that_is_broken_stays_said_though_the_rest_takes_rows()
    {
        var connection = await postgres.CreateDatabaseAsync();
        using var folder = new TempFolder();
        await using var app = await StartAsync(folder, ["--ConnectionStrings:Postgres", connection]);
        var http = app.Http;
        await Eventually.TrueAsync("posts are fine", async () => (await ReadyAsync(http)).Posts == "ok");
        await using (var db = new NpgsqlConnection(connection))
        {
            await db.OpenAsync();
            await using var rename = new NpgsqlCommand("ALTER TABLE \"Deliveries\" RENAME TO \"Elsewhere\"", db);
            await rename.ExecuteNonQueryAsync();
        }
        await Eventually.TrueAsync("readiness says why", async () => (await ReadyAsync(http)).Cause == "A table of the database is missing.");
        for (var i = 0; i < 3; i++)
            Assert.Equal("A table of the database is missing.", (await ReadyAsync(http)).Cause);
        Assert.Single(app.Logged, line => line.Contains("Nothing can be saved.", StringComparison.Ordinal));
        Assert.DoesNotContain(app.Logged, line => line.Contains("takes what is saved again", StringComparison.Ordinal));
    }

    /// <summary>With the patience of a program that serves.</summary>
    private static Task<AppHost> StartAsync(TempFolder folder, string[] args) =>
        AppHost.StartAsync(folder, builder => builder.Services.AddSingleton(StorePatience.Default), [.. args, "--Log:Level", "Information"]);

    private static async Task SetReadOnlyAsync(string connection, bool isReadOnly)
    {
        // From beside it: a session in a database that only reads could not change that.
        var beside = new NpgsqlConnectionStringBuilder(connection);
        var name = beside.Database;
        beside.Database = "postgres";
        await using var db = new NpgsqlConnection(beside.ConnectionString);
        await db.OpenAsync();
        await using (var set = new NpgsqlCommand($"ALTER DATABASE \"{name}\" SET default_transaction_read_only = {(isReadOnly ? "on" : "off")}", db))
            await set.ExecuteNonQueryAsync();
        await using var end = new NpgsqlCommand("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", db)
        {
            Parameters = { new() { Value = name! } },
        };
        await end.ExecuteNonQueryAsync();
    }

    private static async Task<(string Public, string Posts, string? Cause)> ReadyAsync(HttpClient http)
    {
        var ready = JsonElement.Parse(await (await http.GetAsync("/healthz/ready")).Content.ReadAsStringAsync());
        var database = ready.GetProperty("database");
        return (
            ready.GetProperty("public").GetString()!,
            ready.GetProperty("posts").GetString()!,
            database.ValueKind == JsonValueKind.Null ? null : database.GetProperty("cause").GetString()
        );
    }
}
