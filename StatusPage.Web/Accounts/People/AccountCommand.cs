using Microsoft.AspNetCore.Identity;
using StatusPage.Web.Accounts.SigningIn;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Accounts.People;

/// <summary>For the operator of the program when an account is locked out: prints a link for a new password, once.</summary>
public static class AccountCommand
{
    public const string Usage = "account reset --email ADDRESS [--remove-factors true]";

    /// <param name="args">What follows <c>account reset</c>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = Commands.Build(args);
        if (app.Configuration["email"] is not { Length: > 0 } email)
            return await Commands.RefuseAsync($"Say whose password it is. Usage: {Usage}", Commands.NotUnderstood);
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        try
        {
            await Commands.OpenStoreAsync(services);
            var accounts = services.GetRequiredService<UserManager<Account>>();
            if (await accounts.FindByEmailAsync(email) is not { } account)
                return await Commands.RefuseAsync($"There is no account with the address {email}. Usage: {Usage}", Commands.Refused);
            if (bool.TryParse(app.Configuration["remove-factors"], out var removes) && removes)
                await RemoveFactorsAsync(services, account);
            var path = await services.GetRequiredService<Resets>().GrantAsync(account, "command line", CancellationToken.None);
            await Console.Out.WriteLineAsync(services.GetRequiredService<PublicAddresses>().First.Of(path));
            return Commands.Done;
        }
        catch (Exception exception) when (StoreSetup.IsOutage(exception))
        {
            return await Commands.RefuseAsync($"The database cannot be reached: {exception.GetBaseException().Message}", Commands.Refused);
        }
    }

    private static async Task RemoveFactorsAsync(IServiceProvider services, Account account)
    {
        await services.GetRequiredService<Factors>().RemoveAllAsync(account);
        var page = await services.GetRequiredService<ChangeWriter>().PageAsync(CancellationToken.None);
        await services
            .GetRequiredService<AccountDesk>()
            .SaidAsync(page.Id, account, "command line", "account.factors-removed", "All second factors were removed", CancellationToken.None);
    }
}
