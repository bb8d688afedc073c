namespace StatusPage.Web.Incidents;

public static class IncidentsRoom
{
    public static void AddIncidents(this IServiceCollection services) => services.AddScoped<IncidentDesk>();
}
