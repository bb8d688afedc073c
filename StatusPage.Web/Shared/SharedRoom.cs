using Microsoft.AspNetCore.Mvc;
using StatusPage.Web.Hosting;
using StatusPage.Web.Snapshot;

namespace StatusPage.Web.Shared;

/// <summary>What all pages have in common.</summary>
public static class SharedRoom
{
    public static void AddShared(this IServiceCollection services, Settings settings)
    {
        services.AddSingleton<UnavailablePage>();
        services.AddHttpContextAccessor();
        services
            .AddRazorPages(pages => pages.Conventions.Add(new RenderedOnly()))
            .WithRazorPagesAtContentRoot()
            .AddMvcOptions(mvc =>
            {
                mvc.Filters.Add<ExpiredForm>();
                mvc.Filters.Add<NoSuchForm>();
                mvc.ModelBinderProviders.Insert(0, new YesOrNo());
            });
        services.Configure<CookieTempDataProviderOptions>(note =>
        {
            note.Cookie.Name = CookieNames.Note(settings);
            note.Cookie.Path = "/";
            note.Cookie.SecurePolicy = HostingSetup.SecurePolicy(settings);
        });
    }

    public static void MapShared(this WebApplication app)
    {
        app.MapRazorPages();
        app.MapMissingPages();
    }
}
