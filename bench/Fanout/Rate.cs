using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using MailKit.Net.Smtp;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Host;

namespace Fanout;

/// <summary>Messages a second: the program with its ledger, smtp-source over kept connections, and MailKit with a connection for each message.</summary>
internal static class Rate
{
    public static async Task MeasureAsync(int rounds, int recipients, int sessions)
    {
        await using var sink = await SmtpSink.StartAsync();
        await using var site = await Site.StartAsync(
            onPostgres: true,
            recipients,
            "--Email:Smtp",
            $"smtp://127.0.0.1:{sink.Port}",
            "--Delivery:Connections",
            $"{sessions}"
        );
        // Cold code, and what a message weighs.
        await AppAsync(site, "Warm");
        var (sample, bytes) = await SampleAsync();
        await NaiveAsync(sink.Port, 1_000, sessions, sample);
        var (app, source, naive, first) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var memory = new List<long>();
        for (var round = 0; round < rounds; round++)
        {
            source.Add(Source(sink.Port, recipients, sessions, bytes));
            var (rate, firstAfter) = await AppAsync(site, $"Round {round}");
            app.Add(rate);
            first.Add(firstAfter);
            memory.Add(site.App.ResidentBytes / 1_048_576);
            naive.Add(await NaiveAsync(sink.Port, recipients, sessions, sample));
            Console.Error.WriteLine(
                $"Round {round + 1} of {rounds}: smtp-source {source[^1]:0}, app {app[^1]:0} ({app[^1] / source[^1]:0.00}), "
                    + $"MailKit naive {naive[^1]:0} ({app[^1] / naive[^1]:0.0}), first {first[^1]:0} ms, {memory[^1]} MB"
            );
        }
        Console.WriteLine($"| {recipients:N0} recipients, {sessions} sessions, {bytes:N0} bytes each | measured | target |");
        Console.WriteLine("|---|---|---|");
        Console.WriteLine($"| smtp-source -d | {Median(source):N0}/s | |");
        Console.WriteLine($"| app, ledger included | {Median(app):N0}/s | |");
        Console.WriteLine($"| MailKit, a connection for each message | {Median(naive):N0}/s | |");
        Console.WriteLine($"| app / smtp-source | {Median(app.Zip(source, (a, s) => a / s)):0.00} | ≥ 0.40 |");
        Console.WriteLine($"| app / MailKit with a connection for each | {Median(app.Zip(naive, (a, n) => a / n)):0.0} | ≥ 3 |");
        Console.WriteLine($"| first message out after the post | {Median(first):0} ms | ≤ 1,000 ms |");
        Console.WriteLine($"| resident memory after each round | {string.Join(" / ", memory)} MB | flat |");
    }

    /// <returns>Messages a second from the first to the last, and milliseconds from the post to the first.</returns>
    private static async Task<(double Rate, double First)> AppAsync(Site site, string title)
    {
        var posted = DateTimeOffset.UtcNow;
        var incident = await site.PostAsync(title);
        await using var db = site.Open();
        var announcement = await db.Announcements.Where(row => row.IncidentId == StatusPage.Domain.IncidentId.Of(incident)).SingleAsync();
        // Asked seldom and by the index, so that asking costs nothing that could be measured.
        while (
            await db.Announcements.AnyAsync(row => row.Id == announcement.Id && row.FannedOutAt == null)
            || (await db.Database.SqlQueryRaw<bool>("SELECT EXISTS (SELECT 1 FROM \"Deliveries\" WHERE \"State\" IN (0, 1)) AS \"Value\"").ToListAsync())[
                0
            ]
        )
            await Task.Delay(100);
        var rows = db.Deliveries.Where(row => row.AnnouncementId == announcement.Id && row.State == DeliveryState.Sent);
        var count = await rows.CountAsync();
        var first = (await rows.MinAsync(row => row.FinishedAt))!.Value;
        var last = (await rows.MaxAsync(row => row.FinishedAt))!.Value;
        return (count / (last - posted).TotalSeconds, (first - posted).TotalMilliseconds);
    }

    private static double Source(int port, int messages, int sessions, int bytes)
    {
        var began = Stopwatch.GetTimestamp();
        using var source = Process.Start(
            "smtp-source",
            [
                "-d",
                "-s",
                $"{sessions}",
                "-m",
                $"{messages}",
                "-l",
                $"{bytes}",
                "-f",
                "status@example.com",
                "-t",
                "reader@customer.example",
                $"127.0.0.1:{port}",
            ]
        );
        source.WaitForExit();
        if (source.ExitCode != 0)
            throw new InvalidOperationException("smtp-source failed.");
        return messages / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>The same message in the usual way: built for each recipient, over a connection of its own.</summary>
    private static async Task<double> NaiveAsync(int port, int messages, int sessions, MimeMessage ours)
    {
        var (text, html) = (ours.TextBody, ours.HtmlBody);
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, messages),
            new ParallelOptions { MaxDegreeOfParallelism = sessions },
            async (i, cancel) =>
            {
                using var message = new MimeMessage
                {
                    Subject = ours.Subject ?? "",
                    Body = new BodyBuilder { TextBody = $"{text}\n{i}", HtmlBody = $"{html}\n{i}" }.ToMessageBody(),
                };
                message.From.Add(new MailboxAddress(null, "status@example.com"));
                message.To.Add(new MailboxAddress(null, $"s{i}@customer.example"));
                using var client = new SmtpClient();
                // Without NoDelay each would wait 40 ms for a delayed ACK, and the comparison would be no art.
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync("127.0.0.1", port, cancel);
                await client.ConnectAsync(socket, "127.0.0.1", port, MailKit.Security.SecureSocketOptions.None, cancel);
                await client.SendAsync(message, cancel);
                await client.DisconnectAsync(true, cancel);
            }
        );
        return messages / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>One of our messages, from a program that writes them as files.</summary>
    private static async Task<(MimeMessage Message, int Bytes)> SampleAsync()
    {
        await using var site = await Site.StartAsync(onPostgres: false, 1);
        await site.PostAsync("Elevated error rates on our API");
        var folder = Path.Combine(site.DataDirectory, "mail");
        while (!Directory.Exists(folder) || Directory.GetFiles(folder, "*.eml").Length == 0)
            await Task.Delay(20);
        var file = Directory.GetFiles(folder, "*.eml")[0];
        return (await MimeMessage.LoadAsync(file), (int)new FileInfo(file).Length);
    }

    internal static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
