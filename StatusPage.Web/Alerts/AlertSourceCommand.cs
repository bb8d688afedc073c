using StatusPage.Domain.Alerts;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Alerts;

/// <summary>Sets up a source and prints its path and its secret, each alone on a line, once.</summary>
public static class AlertSourceCommand
{
    public const string Usage = "alertsource create --source KIND --name NAME [--every MINUTES] [--page SLUG|HOST]";

    /// <param name="args">What follows <c>alertsource create</c>.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var app = Commands.Build(args);
        if (AlertSourceKinds.Parse(app.Configuration["source"]) is not { } kind)
            return await Commands.RefuseAsync(
                $"Source '{app.Configuration["source"]}' is unknown. There are: {string.Join(", ", AlertSourceKinds.All.Select(known => known.Code()))}. Usage: {Usage}",
                Commands.NotUnderstood
            );
        return await app.OnPageAsync(
            Usage,
            async (services, writer, page) =>
            {
                TimeSpan? every =
                    app.Configuration["every"] is { } minutes
                    && double.TryParse(minutes, System.Globalization.CultureInfo.InvariantCulture, out var number)
                        ? TimeSpan.FromMinutes(number)
                        : null;
                var secret = AlertSetup.NewSecret();
                var source = AlertSource.Add(
                    page.Id,
                    kind,
                    app.Configuration["name"] ?? kind.Label(),
                    services.GetRequiredService<AlertSetup>().Protect(secret),
                    null,
                    every,
                    writer.Now
                );
                writer.Db.AlertSources.Add(source);
                writer.Db.Audit.Add(new(page.Id, "command line", "alertsource.created", source.Subject, writer.Now));
                await writer.Db.SaveChangesAsync();
                await Console.Out.WriteLineAsync(AlertSetup.PathOf(source));
                await Console.Out.WriteLineAsync(secret);
                return Commands.Done;
            }
        );
    }
}
