namespace StatusPage.Web.Handovers;

/// <summary>The note from one shift to the next.</summary>
public static class HandoversRoom
{
    public static void AddHandovers(this IServiceCollection services) => services.AddScoped<HandoverDesk>();
}
