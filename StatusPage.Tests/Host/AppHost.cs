using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Serilog.Core;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Components;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Components;
using StatusPage.Web.Data;
using StatusPage.Web.Public;
using StatusPage.Web.Snapshot;

namespace StatusPage.Tests.Host;

/// <summary>The real application in this process, listening on loopback, with a data directory of its own.</summary>
public sealed class AppHost : IAsyncDisposable
{
    private const int QuickIterations = 1_000;

    /// <summary>TEST_LOG_LEVEL=Information shows what a program in a test logs.</summary>
    private static readonly string LogLevel = Environment.GetEnvironmentVariable("TEST_LOG_LEVEL") ?? "Error";

    private readonly WebApplication _app;
    private readonly TempFolder? _ownFolder;
    private readonly Prints _prints;
    private readonly LoggedLines _lines;

    private AppHost(WebApplication app, string dataDirectory, TempFolder? ownFolder, Prints prints, LoggedLines lines)
    {
        (_prints, _lines) = (prints, lines);
        _app = app;
        _ownFolder = ownFolder;
        DataDirectory = dataDirectory;
        BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        Http = NewClient();
    }

    /// <summary>The page beside the one that is tested; see <see cref="StartBesideAsync"/>.</summary>
    public PageRows? Beside { get; private set; }
    public string DataDirectory { get; }

    /// <summary>What it printed, with the log of its start and of its workers.</summary>
    public string Printed => _prints.Text;

    /// <summary>The messages that it logged: errors, and more with <c>--Log:Level</c>.</summary>
    public IReadOnlyCollection<string> Logged => _lines.All;
    public Uri BaseAddress { get; }
    public IServiceProvider Services => _app.Services;

    /// <summary>Follows no redirects, keeps no cookies, decompresses nothing: sees what a program sees.</summary>
    public HttpClient Http { get; }

    /// <param name="args">As on the command line: "--Demo", "true".</param>
    public static Task<AppHost> StartAsync(params string[] args) => StartAsync(null, null, args);

    /// <param name="folder">A data directory that is kept for a second start; null for a fresh one.</param>
    /// <param name="also">Changes services before the application is built.</param>
    public static async Task<AppHost> StartAsync(TempFolder? folder, Action<WebApplicationBuilder>? also, params string[] args)
    {
        var host = await StartWithoutPageAsync(folder, also, args);
        await host.Services.GetRequiredService<PublicSites>().First.First.WaitAsync(Eventually.Deadline);
        return host;
    }

    /// <summary>Where nothing is known that could be shown.</summary>
    public static async Task<AppHost> StartWithoutPageAsync(TempFolder? folder, Action<WebApplicationBuilder>? also, params string[] args)
    {
        var (prints, lines) = (new Prints(), new LoggedLines());
        prints.BeginHere();
        var own = folder is null ? new TempFolder() : null;
        var data = (folder ?? own)!.Path;
        await EmptyStore.CopyToAsync(data);
        var app = Web.Program.Build(
            [
                // The pages belong to the program, not to the tests that host it.
                "--applicationName",
                "StatusPage.Web",
                "--urls",
                "http://127.0.0.1:0",
                "--DataDirectory",
                data,
                "--Log:Level",
                LogLevel,
                // What is posted is there when the form answers; the tests of the countdown ask for one.
                "--Page:TakeBackSeconds",
                "0",
                "--Limits:SignInsPerMinute",
                "1000",
                "--Limits:SubscriptionsPerMinute",
                "1000",
                "--Limits:ApiRequestsPerMinute",
                "1000000",
                "--Limits:UnknownKeysPerMinute",
                "1000",
                .. args,
            ],
            builder =>
            {
                // The password hash is slow on purpose; the tests would spend most of their time in it.
                builder.Services.PostConfigure<PasswordHasherOptions>(hasher => hasher.IterationCount = QuickIterations);
                // A machine that does many tests at once may take its time; only the tests of broken stores want it told soon.
                builder.Services.AddSingleton(new StorePatience(TimeSpan.FromSeconds(30)));
                builder.Services.AddSingleton<ILogEventSink>(new LoggedErrors()).AddSingleton<ILogEventSink>(lines);
                also?.Invoke(builder);
            }
        );
        try
        {
            await app.StartAsync();
        }
        catch (OperationCanceledException) when (app.Services.GetRequiredService<StoreState>().Refused is { } refused)
        {
            // The program says this when it ends in the middle of its start.
            throw refused;
        }
        if (app.Services.GetRequiredService<StoreState>().Refused is { } late)
            throw late;
        return new AppHost(app, data, own, prints, lines);
    }

    /// <summary>So that only calls change rows.</summary>
    public static void WithoutWorkers(WebApplicationBuilder builder)
    {
        foreach (
            var worker in builder.Services.Where(service => service.ImplementationType?.Name.EndsWith("Worker", StringComparison.Ordinal) == true).ToList()
        )
            builder.Services.Remove(worker);
    }

    /// <summary>
    /// Starts with a second page beside the first; the second page has some of everything. From then on, programs call at the address of that page:
    /// their calls must still concern the page of their key.
    /// </summary>
    public static async Task<AppHost> StartBesideAsync(params string[] args)
    {
        var app = await StartAsync(args);
        app.Beside = await PageRows.OfAsync(app, await app.AddPageAsync("Beside", "beside"));
        return app;
    }

    /// <summary>Adds a page and returns when it is shown.</summary>
    public async Task<Page> AddPageAsync(string name, string? slug = null, string? host = null)
    {
        var page = Page.Create(name, Zones.Checked("Etc/UTC"), PageLocation.Of(slug, host), DateTimeOffset.UtcNow);
        page.LetTakeBack(TimeSpan.Zero, DateTimeOffset.UtcNow);
        await InStoreAsync(async db =>
        {
            db.Pages.Add(page);
            return await db.SaveChangesAsync();
        });
        Services.GetRequiredService<PublishBell>().Ring();
        await Services.GetRequiredService<PublicSites>().ShowsAsync(page.Id, page.Location, Eventually.Deadline, default);
        return page;
    }

    public HttpClient NewClient() =>
        new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.None,
            }
        )
        {
            BaseAddress = BaseAddress,
        };

    /// <summary>A browser without JavaScript: cookies, redirects, forms.</summary>
    public BrowserSession NewBrowser() => new(BaseAddress);

    public async Task<T> InScopeAsync<T>(Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = Services.CreateAsyncScope();
        return await act(scope.ServiceProvider);
    }

    public Task<T> InStoreAsync<T>(Func<StatusDb, Task<T>> act) => InScopeAsync(services => act(services.GetRequiredService<StatusDb>()));

    public Task<Page> PageAsync() => InStoreAsync(db => db.Pages.AsNoTracking().OrderBy(page => page.CreatedAt).FirstAsync());

    /// <summary>A program that posts, with a key of its own.</summary>
    public async Task<ApiClient> ApiAsync(Role role = Role.Comms, string? scopes = null)
    {
        var page = await PageAsync();
        return new(NewClient(), page.Id, await KeyAsync(page.Id, role, scopes), Beside?.Page.Location.Base() ?? "");
    }

    public async Task<string> KeyAsync(PageId page, Role role = Role.Comms, string? scopes = null)
    {
        var (row, key) = ApiKey.Create(page, $"{role} key", role, DateTimeOffset.UtcNow, ApiScopes.Parse(scopes));
        await InStoreAsync(async db =>
        {
            db.ApiKeys.Add(row);
            return await db.SaveChangesAsync();
        });
        return key;
    }

    public Task<Component> ComponentAsync(string name = "API") =>
        InScopeAsync(async services =>
            await services
                .GetRequiredService<ComponentDesk>()
                .CreateAsync((await PageAsync()).Id, name, null, null, ComponentStatus.Operational, "test", null, default)
        );

    /// <summary>The state of a component as the page shows it; without a name, the state of the only component.</summary>
    public async Task<ComponentStatus> StateAsync(ComponentId? id = null)
    {
        var page = await PageAsync();
        var states = await InScopeAsync(services => services.GetRequiredService<ComponentDesk>().StatesAsync(page.Id, default));
        return states.Shown(id ?? states.Components.Single().Id, DateTimeOffset.UtcNow);
    }

    /// <summary>Somebody who signs in with <see cref="Desk.Password"/>.</summary>
    /// <param name="page">Null for the first page.</param>
    public Task<Account> AccountAsync(string email, Role role, PageId? page = null) =>
        InScopeAsync(async services =>
        {
            var account = Account.New(email, DateTimeOffset.UtcNow);
            await services.GetRequiredService<UserManager<Account>>().CreateAsync(account, Desk.Password);
            var db = services.GetRequiredService<StatusDb>();
            db.Add(Membership.Of(account.Id, page ?? (await PageAsync()).Id, role, DateTimeOffset.UtcNow));
            await db.SaveChangesAsync();
            return account;
        });

    /// <param name="components">None means everything.</param>
    public async Task<Subscriber> SubscriberAsync(string email, params ComponentId[] components)
    {
        var subscriber = An.Subscriber((await PageAsync()).Id, email, components, DateTimeOffset.UtcNow);
        subscriber.Confirm(DateTimeOffset.UtcNow);
        await InStoreAsync(async db =>
        {
            db.Subscribers.Add(subscriber);
            return await db.SaveChangesAsync();
        });
        return subscriber;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _ownFolder?.Dispose();
    }
}
