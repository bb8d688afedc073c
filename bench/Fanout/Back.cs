using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Host;

namespace Fanout;

/// <summary>A node is killed while mails go out: how long until everybody has theirs, and how many come twice.</summary>
internal static class Back
{
    private const int Recipients = 1_500;
    private const int SentBefore = 477;

    /// <summary>As slow as a mail server may be, or all would be out before the kill.</summary>
    private const string PerSecond = "300";

    /// <param name="another">Whether another node takes over, rather than the same one started again.</param>
    public static async Task MeasureAsync(string store, bool another)
    {
        await using var sink = await SmtpSink.StartAsync(keeps: true);
        await using var site = await Site.StartAsync(store == "PostgreSQL", Recipients, "--Email:Smtp", sink.Url, "--Email:PerDomainPerSecond", PerSecond);
        using var elsewhere = new TempFolder();
        await site.PostAsync("Down");
        while (sink.Kept().Count < SentBefore)
            await Task.Delay(10);
        var began = Stopwatch.GetTimestamp();
        await site.KillAndStartAsync(another ? elsewhere : null);
        await using var db = site.Open();
        while (await db.Deliveries.CountAsync(row => row.State == DeliveryState.Sent) < Recipients)
            await Task.Delay(50);
        var took = Stopwatch.GetElapsedTime(began);
        var ids = sink.Kept()
            .Select(mail => mail.Split('\n').First(line => line.StartsWith("Message-ID:", StringComparison.OrdinalIgnoreCase)).Trim())
            .ToList();
        Console.WriteLine(
            $"| {store}, {(another ? "another node takes over" : "the same node is started again")} | {took.TotalSeconds:0.0} s | "
                + $"{(another ? 30 : 10)} s | {ids.Distinct().Count():N0} of {Recipients:N0} | {ids.Count - ids.Distinct().Count()} |"
        );
    }
}
