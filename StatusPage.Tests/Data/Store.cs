using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StatusPage.Domain.Pages;
using StatusPage.Tests.Host;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Data;

/// <summary>A migrated store with one page and no program around it.</summary>
internal sealed class Store : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly ServiceProvider _services;

    private Store(TempFolder folder, ServiceProvider services, Settings settings) => (_folder, _services, Settings) = (folder, services, settings);

    public Settings Settings { get; }
    public Page Page { get; } = A.Page();
    public FakeTimeProvider Time { get; } = new(An.Instant);
    public IServiceScopeFactory Scopes => _services.GetRequiredService<IServiceScopeFactory>();

    /// <param name="postgres">Null for SQLite.</param>
    public static async Task<Store> CreateAsync(string? postgres, bool migrate = true)
    {
        var folder = new TempFolder();
        var settings = Settings.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { ["DataDirectory"] = folder.Path, ["ConnectionStrings:Postgres"] = postgres })
                .Build()
        );
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddStore(settings);
        var store = new Store(folder, services.BuildServiceProvider(), settings);
        if (!migrate)
            return store;
        await EmptyStore.CopyToAsync(folder.Path);
        await using var db = store.Open();
        db.Pages.Add(store.Page);
        await db.SaveChangesAsync();
        return store;
    }

    /// <summary>A context like that of one request.</summary>
    public StatusDb Open() => _services.CreateScope().ServiceProvider.GetRequiredService<StatusDb>();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _folder.Dispose();
    }
}
