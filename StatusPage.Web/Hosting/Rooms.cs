using StatusPage.Web.Accounts;
using StatusPage.Web.Alerts;
using StatusPage.Web.Audiences;
using StatusPage.Web.Audit;
using StatusPage.Web.Brands;
using StatusPage.Web.Channels;
using StatusPage.Web.Components;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Destinations;
using StatusPage.Web.Drafts;
using StatusPage.Web.Exercises;
using StatusPage.Web.Handovers;
using StatusPage.Web.Incidents;
using StatusPage.Web.Languages;
using StatusPage.Web.Maintenances;
using StatusPage.Web.Metrics;
using StatusPage.Web.Notices;
using StatusPage.Web.Pages;
using StatusPage.Web.Postmortems;
using StatusPage.Web.Promises;
using StatusPage.Web.Public;
using StatusPage.Web.Records;
using StatusPage.Web.Reviews;
using StatusPage.Web.Runbooks;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;
using StatusPage.Web.StatusApi;
using StatusPage.Web.Subscriptions;
using StatusPage.Web.Themes;

namespace StatusPage.Web.Hosting;

/// <summary>Every room, added and mapped.</summary>
public static class Rooms
{
    public static void AddRooms(this IServiceCollection services, Settings settings)
    {
        services.AddThemes(settings);
        services.AddShared(settings);
        services.AddAccounts(settings);
        services.AddChanges();
        services.AddPages();
        services.AddBrands();
        services.AddIncidents();
        services.AddComponents();
        services.AddAudiences();
        services.AddDrafts();
        services.AddSubscriptions();
        services.AddLanguages();
        services.AddSnapshot(settings);
        services.AddPublic();
        services.AddDeliveries();
        services.AddChannels();
        services.AddNotices();
        services.AddSystemMetrics();
        services.AddPromises();
        services.AddMaintenances();
        services.AddAlerts();
        services.AddPostmortems();
        services.AddDestinations();
        services.AddRecords();
        services.AddRunbooks();
        services.AddHandovers();
        services.AddReviews();
        services.AddExercises();
        services.AddAudit();
        services.AddStatusApi();
        services.LeaveKeysForLater();
    }

    public static void MapRooms(this WebApplication app)
    {
        app.MapShared();
        app.MapStatusApi();
        app.MapAccounts();
        app.MapDrafts();
        app.MapThemes();
        app.MapChannels();
        app.MapDeliveries();
        app.MapAlerts();
        app.MapDestinations();
        app.MapHealth();
        app.MapPublic();
    }
}
