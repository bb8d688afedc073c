namespace StatusPage.Web.Audit;

public static class AuditRoom
{
    public static void AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<AuditWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<AuditWatch>());
    }
}
