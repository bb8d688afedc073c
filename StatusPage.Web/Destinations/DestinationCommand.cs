using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Destinations;

/// <summary>Sets up a destination, and tries one out.</summary>
public static class DestinationCommand
{
    public const string Usage =
        "destination create --kind KIND --name NAME [--url ADDRESS] [--set KEY=VALUE ...] [--expires YYYY-MM-DD] [--page SLUG|HOST], "
        + "destination test NAME [--page SLUG|HOST]";

    private const string Set = "--set";

    /// <summary>Prints the address that the other side calls, if it calls, and the secret that was made, if one was: each alone on a line, once.</summary>
    /// <param name="args">What follows <c>destination create</c>.</param>
    public static Task<int> CreateAsync(string[] args)
    {
        var (rest, given) = Split(args);
        return RunAsync(
            rest,
            async (services, writer, page, configuration) =>
            {
                if (DestinationKinds.Parse(configuration["kind"]) is not { } kind)
                    return await Commands.RefuseAsync(
                        $"Kind '{configuration["kind"]}' is unknown. There are: "
                            + $"{string.Join(", ", DestinationKinds.All.Select(known => known.Code()))}. Usage: {Usage}",
                        Commands.NotUnderstood
                    );
                var none = new Dictionary<string, string>();
                var (settings, made) = DestinationSecrets.Complete(kind, CheckedSettings.Of(kind, configuration["url"], given, none), none, writer.Now);
                var destination = Destination
                    .Add(page, kind, writer.Now)
                    .Configure(
                        configuration["name"] ?? kind.Code(),
                        settings,
                        services.GetRequiredService<DestinationSecrets>().Protect(settings.Secrets),
                        DateOf(configuration["expires"]),
                        writer.Now
                    );
                if (await writer.Db.Destinations.AnyAsync(row => row.PageId == page && row.Name == destination.Name))
                    return await Commands.RefuseAsync($"There is a destination '{destination.Name}' already. Choose another name.", Commands.Refused);
                writer.Db.Destinations.Add(destination);
                writer.Db.Audit.Add(new(page, "command line", "destination.created", destination.Subject, writer.Now));
                await writer.Db.SaveChangesAsync();
                if (kind == DestinationKind.GitHub)
                    await Console.Out.WriteLineAsync(GitHubHook.PathOf(destination));
                if (made is not null)
                    await Console.Out.WriteLineAsync(made);
                return Commands.Done;
            }
        );
    }

    /// <summary>Prints one line: that it works, or why not.</summary>
    /// <param name="args">What follows <c>destination test</c>.</param>
    public static Task<int> TestAsync(string[] args)
    {
        if (args is not [{ Length: > 0 } name, .. var rest] || name.StartsWith("--", StringComparison.Ordinal))
            return Commands.RefuseAsync($"Name the destination. Usage: {Usage}", Commands.NotUnderstood);
        return RunAsync(
            rest,
            async (services, writer, page, _) =>
            {
                if (await writer.Db.Destinations.AsNoTracking().FirstOrDefaultAsync(row => row.PageId == page && row.Name == name) is not { } destination)
                    return await Commands.RefuseAsync($"There is no destination '{name}'.", Commands.Refused);
                switch (await services.GetRequiredService<DestinationWork>().TestAsync(destination))
                {
                    case Remote.Found { There.Note: var note }:
                        await Console.Out.WriteLineAsync($"{name} works. {note}");
                        return Commands.Done;
                    case var failure:
                        return await Commands.RefuseAsync($"{name} does not work. {DestinationsPage.WhyNot(failure)}", Commands.Refused);
                }
            }
        );
    }

    private static async Task<int> RunAsync(string[] args, Func<IServiceProvider, ChangeWriter, PageId, IConfiguration, Task<int>> act)
    {
        await using var app = Commands.Build(args);
        await using var scope = app.Services.CreateAsyncScope();
        try
        {
            await Commands.OpenStoreAsync(scope.ServiceProvider);
            var writer = scope.ServiceProvider.GetRequiredService<ChangeWriter>();
            var where = app.Configuration["page"];
            if (await writer.FindPageAsync(where) is not { } page)
                return await Commands.RefuseAsync($"There is no page at '{where}'. Usage: {Usage}", Commands.Refused);
            return await act(scope.ServiceProvider, writer, page.Id, app.Configuration);
        }
        catch (RuleViolation violation)
        {
            return await Commands.RefuseAsync($"{violation.Message} Usage: {Usage}", Commands.Refused);
        }
        catch (Exception exception) when (StoreSetup.IsOutage(exception))
        {
            return await Commands.RefuseAsync($"The database cannot be reached: {exception.GetBaseException().Message}", Commands.Refused);
        }
    }

    /// <summary>Takes the pairs after each --set out, as the configuration would keep the last alone.</summary>
    private static (string[] Others, IReadOnlyDictionary<string, string?> Given) Split(string[] args)
    {
        var rest = new List<string>();
        var given = new Dictionary<string, string?>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] != Set)
            {
                rest.Add(args[i]);
                continue;
            }
            while (
                i + 1 < args.Length
                && !args[i + 1].StartsWith("--", StringComparison.Ordinal)
                && args[i + 1].IndexOf('=', StringComparison.Ordinal) is > 0 and var at
            )
            {
                i++;
                given[args[i][..at]] = args[i][(at + 1)..];
            }
        }
        return ([.. rest], given);
    }

    /// <exception cref="RuleViolation">It is no day.</exception>
    private static DateOnly? DateOf(string? text) =>
        text is null ? null
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day
        : throw new RuleViolation($"'{text}' is no day. Write it as 2027-01-31.");
}
