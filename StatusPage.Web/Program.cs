using StatusPage.Web.Audit;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Shared;
using StatusPage.Web.Snapshot;
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
            if (Commands.AreIn(args)) return await Commands.RunAsync(args);
            SettingNames.CheckArguments(args);
            await using var app = Build(args);
            var (stopping, store) = (app.Lifetime.ApplicationStopping, app.Services.GetRequiredService<StoreState>());
            try
            {
                await RunAsync(app);
            }
            catch (Exception exception) when (Listening.Failure(exception) is { } why)
            {
                throw SettingException.Impossible(why);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // Asked to stop before the start was over.
            }
            return store.Refused is { } refused ? throw refused : 0;
        }
        catch (Exception exception) when (exception is SettingException or ThemeException or StoreRefusedException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static async Task RunAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch
        {
            // What was started before the part that failed is not left to run on what is taken away under it.
            await app.StopAsync();
            throw;
        }
        await app.WaitForShutdownAsync();
    }

    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? also = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddHosting();
        builder.AddRooms();
        also?.Invoke(builder);
        var app = builder.Build();
        // Read beside the rest; a mistake in them stops the start here.
        app.Services.GetRequiredService<Themes.Themes>();
        app.Services.GetRequiredService<AuditKeys>();
        app.UseCommonHeaders();
        app.UsePublicSite();
        app.UseHosting();
        app.MapRooms();
        return app;
    }
}
