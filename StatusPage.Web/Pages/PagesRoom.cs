namespace StatusPage.Web.Pages;

public static class PagesRoom
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddScoped<PageDesk>();
        services.AddScoped<YourPages>();
        services.AddScoped<FirstSteps>();
    }
}
