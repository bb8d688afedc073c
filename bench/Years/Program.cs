using System.Globalization;
using StatusPage.Tests.Host;
using Years;

// What the desk, the page and the workers ask of a store with years in it: how long each takes, and how the store goes about it.
//   Years sqlite|postgres [SUBSCRIBERS 50000] [DELIVERIES 5000000]
//   Years sqlite|postgres rest                                        what a node asks when nothing happens
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var rests = args is [_, "rest"];
var subscribers = rests ? 0 : Number(1, 50_000);
var deliveries = Number(2, 5_000_000);
await using var server = new PostgresServer();
using var folder = new TempFolder();
string[] store = args is ["postgres", ..] ? ["--ConnectionStrings:Postgres", await server.CreateDatabaseAsync() + ";Command Timeout=900"] : [];
if (rests)
{
    await Rest.MeasureAsync(folder, store);
    return;
}
await Rows.SeedAsync(folder, store, subscribers, deliveries);
await Questions.AskAsync(folder, store);

int Number(int place, int otherwise) => args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : otherwise;
