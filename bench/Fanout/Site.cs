using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Pages;
using StatusPage.Tests.Host;
using StatusPage.Web.Data;

namespace Fanout;

/// <summary>The program as a process, with its store and as many subscribers as wanted.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly PostgresServer? _server;
    private string? _postgres;
    private string[] _args = [];
    private Page _page = null!;

    private Site(PostgresServer? server) => _server = server;

    public AppProcess App { get; private set; } = null!;
    public string DataDirectory => _folder.Path;
    public HttpClient Http { get; private set; } = null!;

    public static async Task<Site> StartAsync(bool onPostgres, int subscribers, params string[] args)
    {
        var site = new Site(onPostgres ? new PostgresServer { IsDurable = true } : null);
        if (site._server is { } server)
            site._postgres = await server.CreateDatabaseAsync();
        site._args = [.. args, .. site._postgres is { } postgres ? new[] { "--ConnectionStrings:Postgres", postgres } : []];
        site.App = await AppProcess.StartAsync(site._folder, site._args);
        await using (var db = site.Open())
        {
            site._page = await db.Pages.AsNoTracking().SingleAsync();
            var (key, secret) = ApiKey.Create(site._page.Id, "bench", Role.Comms, DateTimeOffset.UtcNow);
            db.Add(key);
            await db.SaveChangesAsync();
            site.Http = new HttpClient { BaseAddress = site.App.BaseAddress };
            site.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("OAuth", secret);
        }
        await using (var db = site.Open())
            await ManySubscribers.AddAsync(db, site._page.Id, subscribers);
        return site;
    }

    /// <summary>Kills the program and starts it again at once: in its own data folder, or as another node.</summary>
    public async Task KillAndStartAsync(TempFolder? elsewhere)
    {
        await App.KillAsync();
        await App.DisposeAsync();
        App = await AppProcess.StartAsync(elsewhere ?? _folder, _args);
    }

    public StatusDb Open() =>
        _postgres is null
            ? new SqliteStatusDb(
                new DbContextOptionsBuilder<SqliteStatusDb>().UseSqlite($"Data Source={_folder.File("status.db")};Default Timeout=120").Options
            )
            : new PostgresStatusDb(new DbContextOptionsBuilder<PostgresStatusDb>().UseNpgsql(_postgres, npgsql => npgsql.CommandTimeout(120)).Options);

    /// <returns>The id of the incident.</returns>
    public async Task<string> PostAsync(string title, bool silent = false)
    {
        var answer = await Http.PostAsJsonAsync(
            $"/v1/pages/{_page.Id}/incidents",
            new
            {
                incident = new
                {
                    name = title,
                    body = "We are investigating elevated error rates on our API.",
                    impact_summary = "~15% of requests failing",
                    team_status = "Working on identifying root cause",
                    next_update_at = DateTimeOffset.UtcNow.AddMinutes(30),
                    deliver_notifications = !silent,
                },
            }
        );
        answer.EnsureSuccessStatusCode();
        var incident = await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
        return incident.GetProperty("id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        _folder.Dispose();
    }
}
