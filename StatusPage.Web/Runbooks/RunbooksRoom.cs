namespace StatusPage.Web.Runbooks;

/// <summary>How to find out what is wrong and to mend it, beside the draft and the incident. docs/runbooks.md</summary>
public static class RunbooksRoom
{
    public static void AddRunbooks(this IServiceCollection services)
    {
        services.AddScoped<RunbookDesk>();
        services.AddScoped<RunbookImport>();
    }
}
