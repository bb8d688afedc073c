using StatusPage.Domain.Readers;
using StatusPage.Web.Data;
using StatusPage.Web.Public;
using StatusPage.Web.Readers;

namespace StatusPage.Bench;

/// <summary>Makes the page with the sample data private, and prints the cookie of a reader.</summary>
internal static class Closed
{
    public static async Task RunAsync(string data)
    {
        await using var app = await Hosted.StartAsync(data, "Error", "--Demo", "true");
        await using var scope = app.Services.CreateAsyncScope();
        var (db, now) = (scope.ServiceProvider.GetRequiredService<StatusDb>(), DateTimeOffset.UtcNow);
        var page = app.Services.GetRequiredService<PublicSites>().First.PageId!.Value;
        var access = PageAccess.Of(page, now);
        access.Close(new() { MailsLinks = true, People = ["acme.example"] }, null, now);
        db.PageAccess.Add(access);
        await db.PublishAsync(page, now, default);
        Console.WriteLine($"{Gate.CookieOf(page)}={ReaderProof.Of(ReaderRoad.Listed, "ann@acme.example", now).Sign(access.Key)}");
        await app.StopAsync();
    }
}
