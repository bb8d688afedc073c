using StatusPage.Web.Public;
using StatusPage.Web.Snapshot;

namespace StatusPage.Bench;

/// <summary>The real application in this process, with every public document made.</summary>
internal static class Hosted
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(1);

    public static async Task<WebApplication> StartAsync(string data, string logLevel, params string[] more)
    {
        // The pages are looked for in the assembly that bears the application's name.
        var app = Web.Program.Build([
            "--applicationName",
            "StatusPage.Web",
            "--urls",
            "http://127.0.0.1:0",
            "--DataDirectory",
            data,
            "--Log:Level",
            logLevel,
            .. more,
        ]);
        await app.StartAsync();
        await app.Services.GetRequiredService<PublicSite>().Complete.WaitAsync(StartsWithin);
        return app;
    }
}
