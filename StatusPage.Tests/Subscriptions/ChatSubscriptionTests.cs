using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;
using StatusPage.Web.Channels;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Subscriptions;

/// <summary>A visitor's own channel in Slack, Teams or Discord: asked there, told there, and ended from there.</summary>
public sealed partial class ChatSubscriptionTests : IAsyncLifetime
{
    private const string Path = "/api/webhooks/SECRETpath";
    private readonly Dictionary<Channel, HttpSink> _sinks = [];
    private AppHost _app = null!;
    private BrowserSession _visitor = null!;

    public async ValueTask InitializeAsync()
    {
        foreach (var service in new[] { Channel.Slack, Channel.Teams, Channel.Discord })
            _sinks[service] = await HttpSink.StartAsync();
        _app = await AppHost.StartAsync([
            .. Desk.Owner,
            "--Outbound:Allow",
            "127.0.0.0/8",
            .. _sinks.SelectMany(sink => new[] { $"--Chat:{sink.Key}", $"127.0.0.1:{sink.Value.Port}" }),
        ]);
        _visitor = _app.NewBrowser();
    }

    public async ValueTask DisposeAsync()
    {
        _visitor.Dispose();
        await _app.DisposeAsync();
        foreach (var sink in _sinks.Values)
            await sink.DisposeAsync();
    }

    private Task<AngleSharp.Html.Dom.IHtmlDocument> AskAsync(string address) => _visitor.FillInAsync("/subscribe", new { By = "chat", Chat = address });

    private Task<Subscriber> OneAsync() => _app.InStoreAsync(db => db.Subscribers.AsNoTracking().SingleAsync());

    private Task<Subscriber> UntilAsync(SubscriptionState state) =>
        Eventually.GetAsync(
            $"the subscriber is {state}",
            () => _app.InStoreAsync(db => db.Subscribers.AsNoTracking().FirstOrDefaultAsync(row => row.State == state))
        );

    private static string LinkIn(ReceivedRequest message, string purpose) =>
        Link().Matches(message.Text).Select(match => match.Value).First(link => link.Contains($"/{purpose}/", StringComparison.Ordinal));

    [GeneratedRegex(@"/subscribe/[a-z]+/[A-Za-z0-9._-]+", RegexOptions.NonBacktracking)]
    private static partial Regex Link();

    [Theory]
    [InlineData(Channel.Slack, "blocks", 404)]
    [InlineData(Channel.Teams, "attachments", 410)]
    [InlineData(Channel.Discord, "embeds", 404)]
    public async Task A_channel_confirms_is_told_in_its_form_and_is_left_alone_when_its_webhook_is_gone(Channel service, string form, int gone)
    {
        var sink = _sinks[service];
        await AskAsync(sink.Url + Path);
        Assert.Equal(HttpStatusCode.OK, _visitor.Status);
        var request = (await sink.WaitAsync(Path))[0];
        Assert.True(request.Json.TryGetProperty(form, out _));
        Assert.DoesNotContain("/unsubscribe/", request.Text, StringComparison.Ordinal);
        var confirm = LinkIn(request, "confirm");
        await _visitor.GetAsync(confirm);
        Assert.Equal(SubscriptionState.Pending, (await OneAsync()).State);
        var done = await _visitor.FillInAsync(confirm, new { });
        Assert.DoesNotContain("SECRET", done.Body!.InnerHtml, StringComparison.Ordinal);
        Assert.Equal(SubscriptionState.Confirmed, (await OneAsync()).State);

        using var api = await _app.ApiAsync();
        await api.OpenIncidentAsync(new { name = "No logins", body = "We look into it." });
        var told = (await sink.WaitAsync(Path, 2))[1];
        Assert.Contains("No logins", told.Text, StringComparison.Ordinal);
        var manage = await _visitor.GetAsync(LinkIn(told, "manage"));
        Assert.Contains(service.Label(), manage.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", manage.Body!.InnerHtml, StringComparison.Ordinal);
        await _visitor.GetAsync(LinkIn(told, "unsubscribe"));
        Assert.Equal(HttpStatusCode.OK, _visitor.Status);

        sink.Always(Path, _ => new(gone, "{\"error\": \"no_service\"}"));
        await api.OpenIncidentAsync(new { name = "No mail", body = "We look into it." });
        Assert.DoesNotContain("SECRET", (await UntilAsync(SubscriptionState.Suppressed)).SuppressedFor, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_address_is_kept_encrypted_and_shown_to_nobody()
    {
        await AskAsync(_sinks[Channel.Slack].Url + Path);
        await _sinks[Channel.Slack].WaitAsync(Path);
        var row = await OneAsync();
        Assert.DoesNotContain("SECRET", $"{row.Endpoint} {row.Key} {row.Secrets} {row.Label}", StringComparison.Ordinal);
        using var desk = await _app.SignInAsync();
        foreach (var path in new[] { "/admin/subscribers", $"/admin/subscribers/{row.Id}", "/admin/subscribers?handler=Export", "/admin/audit" })
            Assert.DoesNotContain("SECRET", (await desk.ReadAsync(path)).Text, StringComparison.Ordinal);
        using var api = await _app.ApiAsync(Domain.Accounts.Role.Owner);
        Assert.DoesNotContain("SECRET", (await api.GetAsync("subscribers")).Json.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_channel_cannot_be_flooded_and_learns_when_it_is_subscribed_already()
    {
        var sink = _sinks[Channel.Slack];
        await AskAsync(sink.Url + Path);
        await _visitor.FillInAsync(LinkIn((await sink.WaitAsync(Path))[0], "confirm"), new { });
        for (var i = 0; i < 5; i++)
            await AskAsync(sink.Url + Path);
        Assert.NotNull(LinkIn((await sink.WaitAsync(Path, 3))[2], "manage"));
        await Eventually.TrueAsync(
            "all is delivered",
            () =>
                _app.InStoreAsync(async db =>
                    !await db.Deliveries.AnyAsync(row => row.FinishedAt == null) && !await db.Announcements.AnyAsync(row => row.FannedOutAt == null)
                )
        );
        Assert.Equal(3, sink.At(Path).Count);
        Assert.Equal(SubscriptionState.Confirmed, (await OneAsync()).State);
    }

    [Theory]
    [InlineData("https://evil.example/services/T0/B0/SECRET")]
    [InlineData("https://hooks.slack.com.evil.example/services/SECRET")]
    [InlineData("https://user@hooks.slack.com/services/SECRET")]
    [InlineData("SECRET")]
    [InlineData("")]
    public async Task Only_the_chat_services_are_accepted_and_a_refusal_repeats_nothing(string address)
    {
        var page = await AskAsync(address);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, _visitor.Status);
        Assert.NotEqual("", page.ErrorFor("Chat"));
        Assert.DoesNotContain("SECRET", page.Body!.InnerHtml, StringComparison.Ordinal);
        Assert.Equal(0, await _app.InStoreAsync(db => db.Subscribers.CountAsync()));
    }

    [Theory]
    [InlineData("https://hooks.slack.com/services/T0/B0/xyz", Channel.Slack)]
    [InlineData("https://acme.webhook.office.com/webhookb2/a/IncomingWebhook/b/c", Channel.Teams)]
    [InlineData("https://prod-01.westeurope.logic.azure.com:443/workflows/a/triggers/manual/paths/invoke?sig=b", Channel.Teams)]
    [InlineData("https://discord.com/api/webhooks/1/token", Channel.Discord)]
    [InlineData("https://ptb.discord.com/api/v10/webhooks/1/token", Channel.Discord)]
    [InlineData("https://discord.com/api/v9/auth/login", null)]
    [InlineData("https://discord.com/api/webhooks/../auth/webhooks", null)]
    [InlineData("http://hooks.slack.com/services/T0/B0/xyz", null)]
    [InlineData("https://hooks.slack.com:8443/services/T0/B0/xyz", null)]
    [InlineData("https://office.com/webhookb2/a", null)]
    public void An_address_names_its_service(string address, Channel? service)
    {
        var settings = Settings.Read(new ConfigurationBuilder().Build());
        var services = new ChatServices(settings, new OutboundGuard(settings));
        if (service is null)
            Assert.Throws<RuleViolation>(() => services.Checked(address));
        else
            Assert.Equal(service, services.Checked(address).Service);
    }
}
