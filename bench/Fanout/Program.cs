using System.Globalization;
using Fanout;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
var recipients = From("RECIPIENTS", 20_000);
var sessions = From("SESSIONS", 8);

if (recipients > 0)
    await Rate.MeasureAsync(rounds, recipients, sessions);
if (From("MANY", 1_000_000) is > 0 and var many)
    await Many.MeasureAsync("PostgreSQL", many);
if (From("MANY_SQLITE", 200_000) is > 0 and var fewer)
    await Many.MeasureAsync("SQLite", fewer);

if (From("BACK", 1) > 0)
{
    Console.WriteLine();
    Console.WriteLine("| killed after 477 of 1,500 mails | everybody has theirs after | target | told | came twice |");
    Console.WriteLine("|---|---|---|---|---|");
    await Back.MeasureAsync("SQLite", another: false);
    await Back.MeasureAsync("PostgreSQL", another: false);
    await Back.MeasureAsync("PostgreSQL", another: true);
}

static int From(string name, int otherwise) =>
    int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
