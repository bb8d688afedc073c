using System.Diagnostics;
using StatusPage.Domain.Components;
using StatusPage.Domain.Incidents;
using StatusPage.Web.Incidents;
using StatusPage.Web.Public;
using StatusPage.Web.Snapshot;

namespace StatusPage.Bench;

/// <summary>Updates of one open incident, each of which changes the state of a component; a post returns when the page shows it.</summary>
internal static class Posts
{
    private const string Author = "bench";

    /// <summary>Between two posts, so that what goes on behind one is not counted to the next.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    public static async Task RunAsync(string data, int times)
    {
        await using var app = await Hosted.StartAsync(data, "Debug");
        await Task.Delay(Pause);
        var snapshot = app.Services.GetRequiredService<PublicSite>().Current!.Snapshot;
        var (incident, component) = (snapshot.Open.First(), snapshot.Components[0]);
        for (var i = 0; i < times; i++)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            var began = Stopwatch.GetTimestamp();
            await PostAsync(
                app.Services,
                incident.Id.Value,
                new()
                {
                    Phase = Phase.Identified,
                    Body = $"Update number {i + 1}.",
                    Notifies = false,
                    Components = new Dictionary<Domain.ComponentId, ComponentStatus?>
                    {
                        [component.Id] = i % 2 == 0 ? ComponentStatus.PartialOutage : ComponentStatus.Operational,
                    },
                }
            );
            var elapsed = Stopwatch.GetElapsedTime(began);
            await Task.Delay(Pause);
            Console.WriteLine($"post {elapsed.TotalMilliseconds:F0} {(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds:F0}");
        }
        await app.StopAsync();
    }

    private static async Task PostAsync(IServiceProvider services, string id, UpdateRequest asked)
    {
        await using var scope = services.CreateAsyncScope();
        var (writer, incidents) = (
            scope.ServiceProvider.GetRequiredService<Web.Data.ChangeWriter>(),
            scope.ServiceProvider.GetRequiredService<IncidentDesk>()
        );
        var page = await writer.PageAsync(default);
        await incidents.DoAsync(page, (await incidents.FindAsync(page.Id, id, default))!, asked, Approval.Given, Author, null, default);
    }
}
