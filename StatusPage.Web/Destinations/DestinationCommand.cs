using System.Globalization;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
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
    public static async Task<int> CreateAsync(string[] args)
    {
        var (rest, given) = Split(args);
        await using var app = Commands.Build(rest);
        var configuration = app.Configuration;
        return await app.OnPageAsync(
            Usage,
            async (services, writer, page) =>
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
                    .Add(page.Id, kind, writer.Now)
                    .Configure(
                        configuration["name"] ?? kind.Code(),
                        settings,
                        services.GetRequiredService<DestinationSecrets>().Protect(settings.Secrets),
                        DateOf(configuration["expires"]),
                        writer.Now
                    );
                if (await writer.Db.Destinations.AnyAsync(row => row.PageId == page.Id && row.Name == destination.Name))
                    return await Commands.RefuseAsync($"There is a destination '{destination.Name}' already. Choose another name.", Commands.Refused);
                writer.Db.Destinations.Add(destination);
                writer.Db.Audit.Add(new(page.Id, "command line", "destination.created", destination.Subject, writer.Now));
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
    public static async Task<int> TestAsync(string[] args)
    {
        if (args is not [{ Length: > 0 } name, .. var rest] || name.StartsWith("--", StringComparison.Ordinal))
            return await Commands.RefuseAsync($"Name the destination. Usage: {Usage}", Commands.NotUnderstood);
        await using var app = Commands.Build(rest);
        return await app.OnPageAsync(
            Usage,
            async (services, writer, page) =>
            {
                if (
                    await writer.Db.Destinations.AsNoTracking().FirstOrDefaultAsync(row => row.PageId == page.Id && row.Name == name)
                    is not { } destination
                )
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
