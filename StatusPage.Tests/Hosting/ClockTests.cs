using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Host;
using StatusPage.Web.Deliveries;

namespace StatusPage.Tests.Hosting;

/// <summary>A clock that jumps a day ahead and back leaves nothing behind.</summary>
public sealed class ClockTests
{
    private readonly Turned _time = new();

    private Task<AppHost> StartAsync(params string[] args) =>
        AppHost.StartAsync(null, (WebApplicationBuilder builder) => builder.Services.AddSingleton<TimeProvider>(_time), [.. Desk.Owner, .. args]);

    [Fact]
    public async Task What_the_page_says_of_a_time_that_did_not_come_is_taken_back()
    {
        await using var app = await StartAsync();
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync(
            new
            {
                name = "Errors",
                body = "x",
                next_update_by = _time.GetUtcNow().AddMinutes(30),
            }
        );
        await Eventually.TrueAsync(
            "it is shown",
            async () => (await app.Http.GetStringAsync("/")).Contains("Next update by", StringComparison.OrdinalIgnoreCase)
        );
        _time.Offset = TimeSpan.FromDays(1);
        await Eventually.TrueAsync(
            "it is overdue",
            async () => (await app.Http.GetStringAsync("/")).Contains("overdue", StringComparison.OrdinalIgnoreCase)
        );
        _time.Offset = TimeSpan.Zero;
        await Eventually.TrueAsync(
            "it is not overdue any more",
            async () => !(await app.Http.GetStringAsync("/")).Contains("overdue", StringComparison.OrdinalIgnoreCase)
        );
    }

    [Fact]
    public async Task A_clock_that_is_a_day_behind_the_store_takes_posts_and_shows_them()
    {
        await using var app = await StartAsync();
        using var api = await app.ApiAsync();
        _time.Offset = -TimeSpan.FromDays(1);
        await api.OpenIncidentAsync(new { name = "Posted by an old clock", body = "x" });
        await Eventually.TrueAsync(
            "it is shown",
            async () => (await app.Http.GetStringAsync("/")).Contains("Posted by an old clock", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task What_was_put_off_meanwhile_is_sent()
    {
        await using var mail = new ScriptedMailServer { Greeting = "421 not now" };
        await using var app = await StartAsync("--Email:Smtp", $"smtp://127.0.0.1:{mail.Port}");
        await app.SubscriberAsync("ann@customer.example");
        using var api = await app.ApiAsync();
        _time.Offset = TimeSpan.FromDays(1);
        await api.OpenIncidentAsync();
        await Eventually.TrueAsync(
            "it is put off",
            async () => await app.InStoreAsync(db => db.Deliveries.AnyAsync(row => row.State == DeliveryState.Queued && row.LastError != null))
        );
        var watch = app.Services.GetServices<IHostedService>().OfType<ClockWatch>().Single();
        await Eventually.TrueAsync("the clock was looked at", () => Task.FromResult(watch.LastLook > DateTimeOffset.UtcNow.AddHours(23)));
        (mail.Greeting, _time.Offset) = ("220 ready", TimeSpan.Zero);
        await Eventually.TrueAsync("it is sent", async () => await app.InStoreAsync(db => db.Deliveries.AllAsync(row => row.State == DeliveryState.Sent)));
        Assert.Null(app.Services.GetRequiredService<MailTransport>().PausedUntil);
    }

    private sealed class Turned : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
