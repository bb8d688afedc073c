using StatusPage.Web.Audit;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Public;
using StatusPage.Web.Shared;
using StatusPage.Web.Themes;

namespace StatusPage.Web;

/// <summary>The table of contents: which rooms there are, and in which order a request passes them.</summary>
public static class Program
{
    public static async Task<int> Main(string[] args)
    {
        NativeMemory.Bound();
        try
        {
            if (Commands.AreIn(args))
                return await Commands.RunAsync(args);
            SettingNames.CheckArguments(args);
            await using var app = Build(args);
            return await Running.RunAsync(app);
        }
        catch (Exception exception) when (exception is SettingException or ThemeException or StoreRefusedException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    /// <param name="options">What a command accepts besides settings.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? also = null, IReadOnlyCollection<string>? options = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        var settings = builder.AddHosting(options ?? []);
        builder.Services.AddRooms(settings);
        also?.Invoke(builder);
        var app = builder.Build();
        // The themes were read beside the rest; a mistake in them stops the start here.
        app.Services.GetRequiredService<ThemeCatalog>();
        app.Services.GetRequiredService<AuditKeys>();
        app.UseCommonHeaders();
        app.UsePublicSite();
        app.UseHosting();
        app.MapRooms();
        return app;
    }
}
