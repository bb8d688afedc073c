using StatusPage.Web.Data;

namespace StatusPage.Web.Hosting;

/// <summary>The life of the program, from its start to its end.</summary>
internal static class Running
{
    /// <returns>The exit code.</returns>
    /// <exception cref="SettingException">It cannot run with these settings.</exception>
    /// <exception cref="StoreRefusedException">It cannot run with this store.</exception>
    public static async Task<int> RunAsync(WebApplication app)
    {
        var (stopping, store) = (app.Lifetime.ApplicationStopping, app.Services.GetRequiredService<StoreState>());
        try
        {
            await StartAsync(app);
            await app.WaitForShutdownAsync();
        }
        catch (Exception exception) when (Listening.Failure(exception) is { } why)
        {
            throw SettingException.Impossible(why);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It was asked to stop before the start was over.
        }
        return store.Refused is { } refused ? throw refused : 0;
    }

    private static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch
        {
            // Parts that were started before the failure must not go on without what they use.
            await app.StopAsync();
            throw;
        }
    }
}
