using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Alerts;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Alerts;

/// <summary>After time in which the program did not run, nothing happens that people or jobs could not prevent.</summary>
public sealed class AlertResumeTests
{
    [Fact]
    public async Task A_publication_that_fell_due_while_nobody_could_stop_it_begins_anew()
    {
        using var folder = new TempFolder();
        AlertCase planned;
        await using (var app = await AppHost.StartAsync(folder, null, Desk.Owner))
        {
            var caller = await app.AlertSourceAsync();
            await app.AlertRuleAsync(rule => rule.Do(AlertAction.Publish, TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), default));
            await caller.FireAsync();
            planned = Assert.Single(await app.CasesAsync());
        }
        await using (var app = await AppHost.StartAsync(folder, builder => builder.Services.AddSingleton<TimeProvider>(new Later()), Desk.Owner))
        {
            await Eventually.TrueAsync("the delay begins anew", async () => (await app.CasesAsync())[0].DueAt > new Later().GetUtcNow());
            Assert.True((await app.CasesAsync())[0].PublishesItself);
            Assert.Equal(0, await app.InStoreAsync(db => db.Incidents.CountAsync()));
            Assert.Contains(await app.LinesAsync(planned.Id), line => line.Contains("nobody could stop it", StringComparison.Ordinal));
            Assert.True(await app.InStoreAsync(db => db.Notices.AnyAsync(row => row.Subject.StartsWith("Published by itself at"))));
        }
    }

    [Fact]
    public async Task A_publication_without_its_rule_is_left_to_people_after_a_start()
    {
        using var folder = new TempFolder();
        await using (var app = await AppHost.StartAsync(folder, null, Desk.Owner))
        {
            var caller = await app.AlertSourceAsync();
            await app.AlertRuleAsync(rule => rule.Do(AlertAction.Publish, TimeSpan.FromMinutes(30), TimeSpan.FromHours(1), default));
            await caller.FireAsync();
            await app.InStoreAsync(db => db.AlertRules.ExecuteDeleteAsync());
        }
        await using (var app = await AppHost.StartAsync(folder, null, Desk.Owner))
            await Eventually.TrueAsync("it is left to people", async () => !(await app.CasesAsync())[0].PublishesItself);
    }

    [Fact]
    public async Task A_heartbeat_that_could_not_be_heard_is_not_silent()
    {
        using var folder = new TempFolder();
        await using (var app = await AppHost.StartAsync(folder, null, Desk.Owner))
        {
            var beat = await app.AlertSourceAsync(AlertSourceKind.Heartbeat, every: TimeSpan.FromMinutes(60));
            await beat.DeliverAsync("");
        }
        await using (var app = await AppHost.StartAsync(folder, builder => builder.Services.AddSingleton<TimeProvider>(new Later()), Desk.Owner))
        {
            // What is sent after it is worked on after it.
            await Eventually.TrueAsync(
                "it has its whole time once more",
                () => app.InStoreAsync(db => db.AlertSources.AnyAsync(row => row.ExcusedUntil != null))
            );
            var source = await app.InStoreAsync(db => db.AlertSources.AsNoTracking().SingleAsync());
            Assert.Null(source.SilentSince);
            Assert.True(source.SilentAt > new Later().GetUtcNow().AddMinutes(50));
            Assert.Empty(await app.CasesAsync());
        }
    }

    [Fact]
    public void A_program_that_starts_again_and_again_does_not_excuse_a_heartbeat_for_ever()
    {
        var beat = AlertSource.Add(An.PageId, AlertSourceKind.Heartbeat, "x", "s", null, TimeSpan.FromHours(1), An.Instant);
        beat.Hear(An.Instant);
        for (var minutes = 0; minutes <= 90; minutes += 10)
            beat.Excuse(An.Instant.AddMinutes(30 + minutes % 60));
        Assert.Equal(An.Instant.AddMinutes(90), beat.SilentAt);
        // The excuse ran out while the program did not run.
        beat.Excuse(An.Instant.AddMinutes(100));
        Assert.Equal(An.Instant.AddMinutes(160), beat.SilentAt);
        beat.Hear(An.Instant.AddMinutes(110));
        Assert.Equal(An.Instant.AddMinutes(170), beat.SilentAt);
    }

    /// <summary>A day later than it is.</summary>
    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddDays(1);
    }
}
