using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Host;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Hosting;

/// <summary>No failing worker ends the program, and every worker comes back.</summary>
public sealed class WorkerTests
{
    private static async Task<IReadOnlyList<string>> TroublesAsync(AppHost app)
    {
        using var ready = await app.Http.GetAsync("/healthz/ready");
        Assert.True(ready.IsSuccessStatusCode);
        return
        [
            .. JsonDocument
                .Parse(await ready.Content.ReadAsStringAsync())
                .RootElement.GetProperty("workers")
                .EnumerateArray()
                .Select(one => one.GetProperty("worker").GetString()!),
        ];
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Logs(162)]
    public async Task One_that_fails_is_reported_and_tried_again_whatever_it_throws(bool isCancellation)
    {
        var odd = new Oddity { Throws = isCancellation ? new OperationCanceledException("not ours") : new InvalidOperationException("unforeseen") };
        await using var app = await AppHost.StartAsync(null, builder => builder.Services.AddSingleton(odd).AddHostedService<OddWorker>());
        await Eventually.TrueAsync("it is reported", async () => (await TroublesAsync(app)).Contains("Oddities"));
        odd.Throws = null;
        await Eventually.TrueAsync("it works again", async () => !(await TroublesAsync(app)).Contains("Oddities"));
        Assert.True(odd.Rounds > 1);
        using var page = await app.Http.GetAsync("/");
        Assert.True(page.IsSuccessStatusCode);
    }

    [Fact]
    [Logs(162)]
    public async Task A_lane_that_dies_is_begun_anew_and_what_it_held_is_sent()
    {
        var sender = new MortalSender { Dies = true };
        await using var app = await AppHost.StartAsync(
            null,
            (WebApplicationBuilder builder) =>
            {
                builder.Services.RemoveAll<IChannelSender>();
                builder.Services.AddSingleton<IChannelSender>(sender);
            }
        );
        await app.SubscriberAsync("ann@customer.example");
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync();
        await Eventually.TrueAsync("it is reported", async () => (await TroublesAsync(app)).Contains("Deliveries by Email"));
        sender.Dies = false;
        await Eventually.TrueAsync("it is sent", () => app.InStoreAsync(db => db.Deliveries.AllAsync(row => row.State == DeliveryState.Sent)));
        Assert.DoesNotContain("Deliveries by Email", await TroublesAsync(app));
    }

    private sealed class Oddity
    {
        private int _rounds;

        public volatile Exception? Throws;
        public int Rounds => Volatile.Read(ref _rounds);

        public void Round()
        {
            Interlocked.Increment(ref _rounds);
            if (Throws is { } exception)
                throw exception;
        }
    }

    private sealed class OddWorker(Oddity odd, WorkerTools tools, ILogger<OddWorker> logger) : Worker("Oddities", tools, logger)
    {
        protected override Task<TimeSpan> RoundAsync(CancellationToken stopping)
        {
            odd.Round();
            return Task.FromResult(TimeSpan.FromMilliseconds(50));
        }
    }

    private sealed class MortalSender : IChannelSender, ISending
    {
        public volatile bool Dies;

        public Channel Channel => Channel.Email;
        public int AtOnce => 2;
        public DateTimeOffset? PausedUntil => Dies ? throw new InvalidOperationException("dead") : null;

        public Task<ISending> BeginAsync(IReadOnlyList<Claim> claims, CancellationToken cancel) => Task.FromResult<ISending>(this);

        public Task<SendResult> SendAsync(Claim claim) => Task.FromResult<SendResult>(SendResult.Ok);
    }
}
