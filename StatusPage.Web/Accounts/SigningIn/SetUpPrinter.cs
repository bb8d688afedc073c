using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts.SigningIn;

/// <summary>Says on the console, not in the log, where the page is and how to make the first owner.</summary>
public sealed class SetUpPrinter(
    SetUpLink link,
    PublicAddresses addresses,
    Settings settings,
    MailRoutes routes,
    StoreState store,
    IHostApplicationLifetime lifetime
) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => _ = PrintAsync());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task PrintAsync()
    {
        await store.Asked;
        if (settings.PublicUrl is not null)
            Console.WriteLine($"Listening on: {addresses.Listening}");
        Console.WriteLine($"Status page: {addresses.First.Of("/")}");
        // Before that, it is not known whether there is an account, or a mail server that was entered at the desk.
        await store.Ready;
        if ((await routes.FindAsync(CancellationToken.None)).Smtp is null)
            Console.WriteLine(
                "Mail: there is no mail server (Email:Smtp), so nobody receives any. Each message is written as an .eml file to "
                    + $"{Path.Combine(settings.DataDirectory, "mail")}"
            );
        if (link.Token is { } token)
            Console.WriteLine($"Set-up link, good until there is an account: {addresses.First.Of($"/admin/set-up?token={token}")}");
        else
            Console.WriteLine($"Comms desk: {addresses.First.Of("/admin")}");
        link.Token = null;
    }
}
