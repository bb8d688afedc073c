namespace StatusPage.Web.Records;

/// <summary>When what happened in each incident, and how fast the team was.</summary>
public static class RecordsRoom
{
    public static void AddRecords(this IServiceCollection services) => services.AddScoped<RecordDesk>();
}
