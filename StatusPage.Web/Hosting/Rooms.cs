using Microsoft.AspNetCore.Mvc;
using StatusPage.Web.Accounts;
using StatusPage.Web.Audiences;
using StatusPage.Web.Audit;
using StatusPage.Web.Badges;
using StatusPage.Web.Channels;
using StatusPage.Web.Components;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Drafts;
using StatusPage.Web.Incidents;
using StatusPage.Web.Languages;
using StatusPage.Web.Maintenances;
using StatusPage.Web.Metrics;
using StatusPage.Web.Notices;
using StatusPage.Web.Pages;
using StatusPage.Web.Promises;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;
using StatusPage.Web.StatusApi;
using StatusPage.Web.Subscriptions;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Hosting;

/// <summary>Every room, added and mapped.</summary>
public static class Rooms
{
    public static void AddRooms(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        var settings = (Settings)services.First(service => service.ServiceType == typeof(Settings)).ImplementationInstance!;
        // Reading a theme takes as long as building all the rest, and needs nothing of it. A mistake in it still stops the start.
        var themes = Task.Run(() => new Themes.Themes(settings));
        services.AddThemes(() => themes.GetAwaiter().GetResult());
        services.AddSingleton<UnavailablePage>();
        services
            .AddRazorPages(pages => pages.Conventions.Add(new RenderedOnly()))
            .WithRazorPagesAtContentRoot()
            .AddMvcOptions(mvc =>
            {
                mvc.Filters.Add<ExpiredForm>();
                mvc.Filters.Add<NoSuchForm>();
                mvc.ModelBinderProviders.Insert(0, new YesOrNo());
            });
        services.AddAccounts(settings);
        services.AddScoped<Desk>();
        services.AddScoped<DemoData>();
        services.AddScoped<PageDesk>();
        services.AddScoped<YourPages>();
        services.AddScoped<IncidentDesk>();
        services.AddScoped<ComponentDesk>();
        AudienceSite.Add(services);
        services.AddScoped<Composer>();
        services.AddScoped<Previews>();
        services.AddScoped<SubscriptionDesk>();
        services.AddSingleton<ConfirmationLimits>();
        services.AddScoped<SubscriberImport>();
        services.AddHttpContextAccessor();
        services.Configure<CookieTempDataProviderOptions>(note =>
        {
            note.Cookie.Name = CookieNames.Note(settings);
            note.Cookie.Path = "/";
            note.Cookie.SecurePolicy = HostingSetup.SecurePolicy(settings);
        });
        services.AddLanguages();
        services.AddSnapshot(settings);
        services.AddDeliveries();
        services.AddChannels();
        services.AddNotices();
        services.AddSystemMetrics();
        services.AddPromises();
        services.AddMaintenances();
        services.AddHostedService<Housekeeping>();
        services.AddSingleton<AuditWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditWatch>());
        services.AddStatusApi();
        services.LeaveKeysForLater();
    }

    public static void MapRooms(this WebApplication app)
    {
        app.MapRazorPages();
        app.MapStatusApi();
        app.MapPasswords();
        app.MapDrafts();
        app.MapThemes();
        app.MapBrowsers();
        app.MapMailReports();
        app.MapArchive();
        app.MapBadges();
        app.MapHealth();
        app.MapMissingPages();
        app.MapNotFound();
    }
}
