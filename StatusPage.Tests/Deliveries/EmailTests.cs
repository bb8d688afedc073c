using Microsoft.EntityFrameworkCore;
using MimeKit;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Deliveries;

/// <summary>From a post to a mailbox, over real SMTP.</summary>
public sealed class EmailTests : IAsyncLifetime
{
    private readonly MailServer _mail = new();
    private AppHost _app = null!;
    private ApiClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppHost.StartAsync(
            "--Email:Smtp",
            _mail.Url,
            "--Email:From",
            "Acme status <status@acme.example>",
            "--Page:Name",
            "Acme",
            "--Page:TimeZone",
            "America/Los_Angeles",
            "--PublicUrl",
            "http://status.acme.example"
        );
        _api = await _app.ApiAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _mail.DisposeAsync();
    }

    private static object Example(params (string Id, string State)[] components) =>
        new
        {
            name = "Elevated error rates on our API",
            severity = "SEV2",
            body = "We are investigating **elevated error rates** on our API.",
            impact_summary = "~15% of requests failing",
            team_status = "Working on identifying root cause",
            next_update_at = DateTimeOffset.UtcNow.AddMinutes(30),
            components = components.ToDictionary(pair => pair.Id, pair => pair.State),
        };

    private Task<Delivery> DeliveryAsync(Func<Delivery, bool> wanted) =>
        Eventually.GetAsync(
            "the delivery's state",
            async () => (await _app.InStoreAsync(db => db.Deliveries.AsNoTracking().ToListAsync())).FirstOrDefault(wanted)
        );

    /// <summary>Waits until the ledger has nothing more to do.</summary>
    private Task SettledAsync(int deliveries) =>
        Eventually.TrueAsync(
            "every delivery is finished",
            async () =>
                await _app.InStoreAsync(async db =>
                    !await db.Announcements.AnyAsync(row => row.FannedOutAt == null)
                    && await db.Deliveries.CountAsync() == deliveries
                    && !await db.Deliveries.AnyAsync(row => row.State == DeliveryState.Queued || row.State == DeliveryState.Sending)
                )
        );

    [Fact]
    public async Task A_confirmed_subscriber_gets_exactly_one_mail()
    {
        await _app.SubscriberAsync("ann@customer.example");
        await _api.OpenIncidentAsync(Example());
        await SettledAsync(1);
        Assert.Equal("ann@customer.example", Assert.Single(_mail.Received).To);
    }

    [Fact]
    public async Task The_text_reads_like_the_example_of_the_guide()
    {
        var component = await _app.ComponentAsync();
        await _app.SubscriberAsync("ann@customer.example");
        await _api.OpenIncidentAsync(Example((component.Id.Value, "partial_outage")));
        var mail = await _mail.WaitForAsync(_ => true);
        Assert.Matches(@"^\[INVESTIGATING\] \d{1,2}:\d\d [AP]M P[SD]T\r?\n", mail.Text);
        foreach (
            var line in new[]
            {
                "We are investigating elevated error rates on our API.",
                "Impact: ~15% of requests failing",
                "Team: Working on identifying root cause",
                "ETA: 30 minutes to next update",
                "API: partial outage",
                "View status: http://status.acme.example/incidents/",
            }
        )
            Assert.Contains(line, mail.Text);
    }

    [Fact]
    public async Task The_html_says_the_same()
    {
        await _app.SubscriberAsync("ann@customer.example");
        await _api.OpenIncidentAsync(Example());
        var mail = await _mail.WaitForAsync(_ => true);
        Assert.Equal("[Acme] Investigating: Elevated error rates on our API", mail.Message.Subject);
        var text = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(mail.Html).Body!.TextContent;
        foreach (
            var words in new[]
            {
                "Elevated error rates on our API",
                "elevated error rates",
                "~15% of requests failing",
                "Working on identifying root cause",
                "30 minutes",
                "SEV2",
            }
        )
            Assert.Contains(words, text);
        Assert.Contains("<strong>elevated error rates</strong>", mail.Html);
        Assert.DoesNotContain("link.invalid", mail.Html + mail.Text);
        Assert.DoesNotContain("<script", mail.Html);
    }

    [Fact]
    public async Task In_the_dark_the_state_keeps_its_colour()
    {
        await _app.SubscriberAsync("ann@customer.example");
        await _api.OpenIncidentAsync(Example());
        var html = (await _mail.WaitForAsync(_ => true)).Html;
        // What Apple Mail asks, what Outlook asks, and a bar that is a picture, which Gmail does not turn round.
        Assert.Contains("<meta name=\"supported-color-schemes\" content=\"light dark\">", html);
        Assert.Matches(
            @"@media \(prefers-color-scheme: dark\) \{[^@]*\.tone \{ color: (#[0-9a-f]{6}) !important; \}\s*\.bar \{ background-color: \1 ",
            html
        );
        Assert.Matches(@"\[data-ogsc\] \.tone \{ color: #[0-9a-f]{6} !important; \}", html);
        var mail = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(html);
        Assert.Contains("linear-gradient(", mail.QuerySelector("td.bar")!.GetAttribute("style"));
        Assert.Equal("Investigating", mail.QuerySelector("strong.tone")!.TextContent);
    }

    [Fact]
    public async Task The_headers_are_those_of_a_list()
    {
        await _app.SubscriberAsync("ann@customer.example");
        var id = (await _api.OpenIncidentAsync(Example())).Id;
        var message = (await _mail.WaitForAsync(_ => true)).Message;
        Assert.Equal("status@acme.example", ((MailboxAddress)message.From[0]).Address);
        Assert.Equal("ann@customer.example", Assert.Single(message.To.Mailboxes).Address);
        Assert.Empty(message.Cc);
        Assert.Matches("^<http://status.acme.example/subscribe/unsubscribe/[^>]+>$", message.Headers["List-Unsubscribe"]);
        Assert.Equal("List-Unsubscribe=One-Click", message.Headers["List-Unsubscribe-Post"]);
        Assert.Equal("auto-generated", message.Headers["Auto-Submitted"]);
        Assert.Contains("Acme", message.Headers["List-Id"]);
        Assert.Equal($"incident.{id}@acme.example", Assert.Single(message.References));
        Assert.EndsWith("@acme.example", message.MessageId, StringComparison.Ordinal);
        Assert.IsType<MultipartAlternative>(message.Body);
    }

    [Fact]
    public async Task Updates_of_one_incident_are_one_conversation()
    {
        await _app.SubscriberAsync("ann@customer.example");
        var id = (await _api.OpenIncidentAsync(Example())).Id;
        await _api.PatchAsync($"incidents/{id}", new { incident = new { status = "resolved", body = "All is well." } });
        await _mail.WaitForCountAsync(2);
        Assert.Single(_mail.Received.Select(mail => mail.Message.References.Single()).Distinct());
        Assert.Equal(2, _mail.Received.Select(mail => mail.Message.MessageId).Distinct().Count());
    }

    [Fact]
    public async Task Each_recipient_has_links_of_their_own()
    {
        await _app.SubscriberAsync("ann@customer.example");
        await _app.SubscriberAsync("ben@customer.example");
        await _api.OpenIncidentAsync(Example());
        await _mail.WaitForCountAsync(2);
        Assert.Equal(2, _mail.Received.Select(mail => mail.Message.Headers["List-Unsubscribe"]).Distinct().Count());
        Assert.DoesNotContain("ben@", _mail.To("ann@customer.example")[0].Message.ToString());
    }

    [Fact]
    public async Task Only_who_wants_it_is_told()
    {
        var (api, web) = (await _app.ComponentAsync(), await _app.ComponentAsync("Website"));
        await _app.SubscriberAsync("all@customer.example");
        await _app.SubscriberAsync("api@customer.example", api.Id);
        await _app.SubscriberAsync("web@customer.example", web.Id);
        await _api.OpenIncidentAsync(Example((api.Id.Value, "partial_outage")));
        await SettledAsync(2);
        Assert.Equal(["all@customer.example", "api@customer.example"], _mail.Received.Select(mail => mail.To).Order());
    }

    [Fact]
    public async Task A_silent_update_tells_nobody()
    {
        await _app.SubscriberAsync("ann@customer.example");
        await _api.OpenIncidentAsync(
            new
            {
                name = "Quiet",
                body = "Quiet.",
                deliver_notifications = false,
            }
        );
        await _api.OpenIncidentAsync(new { name = "Loud", body = "Loud." });
        await SettledAsync(1);
        Assert.Contains("Loud", Assert.Single(_mail.Received).Message.Subject);
    }

    [Theory]
    [InlineData(550)]
    [InlineData(553)]
    public async Task A_refusal_for_good_is_final(int code)
    {
        await _app.SubscriberAsync("gone@customer.example");
        _mail.Refuse("gone@customer.example", code);
        await _api.OpenIncidentAsync(Example());
        var delivery = await DeliveryAsync(row => row.State == DeliveryState.Failed);
        Assert.Equal(1, delivery.Attempts);
        Assert.Contains($"{code}", delivery.LastError);
        Assert.DoesNotContain("customer.example", delivery.LastError);
    }

    [Theory]
    [InlineData(450)]
    [InlineData(451)]
    public async Task A_refusal_for_now_is_tried_again(int code)
    {
        await _app.SubscriberAsync("busy@customer.example");
        _mail.Refuse("busy@customer.example", code);
        await _api.OpenIncidentAsync(Example());
        var delivery = await DeliveryAsync(row => row is { State: DeliveryState.Queued, Attempts: 1 });
        Assert.Contains($"{code}", delivery.LastError);
        Assert.DoesNotContain("customer.example", delivery.LastError);
        Assert.Equal(RetrySchedule.After(1)!.Value.TotalSeconds, (delivery.NextAttemptAt - DateTimeOffset.UtcNow).TotalSeconds, tolerance: 5);
        // Makes it due.
        await _app.InStoreAsync(db =>
            db.Deliveries.ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAttemptAt, DateTimeOffset.UtcNow.AddSeconds(-1)))
        );
        await DeliveryAsync(row => row is { State: DeliveryState.Sent, Attempts: 2 });
        Assert.Single(_mail.Received);
    }

    [Fact]
    public async Task One_who_is_refused_keeps_nobody_else_waiting()
    {
        for (var i = 0; i < 10; i++)
            await _app.SubscriberAsync($"s{i}@customer.example");
        _mail.Refuse("s3@customer.example", 550);
        await _api.OpenIncidentAsync(Example());
        await SettledAsync(10);
        Assert.Equal(9, _mail.Received.Count);
    }

    [Fact]
    public async Task Who_ends_the_subscription_before_the_mail_goes_out_is_spared()
    {
        var subscriber = await _app.SubscriberAsync("ann@customer.example");
        _mail.Refuse("ann@customer.example", 450);
        await _api.OpenIncidentAsync(Example());
        await DeliveryAsync(row => row is { State: DeliveryState.Queued, Attempts: 1 });
        await _app.InStoreAsync(async db =>
        {
            (await db.Subscribers.SingleAsync(row => row.Id == subscriber.Id)).End(DateTimeOffset.UtcNow);
            await db.SaveChangesAsync();
            return await db.Deliveries.ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAttemptAt, DateTimeOffset.UtcNow.AddSeconds(-1)));
        });
        await DeliveryAsync(row => row.State == DeliveryState.Suppressed);
        Assert.Empty(_mail.Received);
    }

    [Fact]
    public async Task Without_a_relay_each_mail_is_a_file()
    {
        await using var app = await AppHost.StartAsync();
        await app.SubscriberAsync("ann@customer.example");
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync(Example());
        var folder = Path.Combine(app.DataDirectory, "mail");
        await Eventually.TrueAsync("the .eml file lies there", () => Directory.Exists(folder) && Directory.GetFiles(folder, "*.eml").Length == 1);
        var message = await MimeMessage.LoadAsync(Directory.GetFiles(folder, "*.eml").Single());
        Assert.Equal("ann@customer.example", message.To.Mailboxes.Single().Address);
        Assert.Contains("~15% of requests failing", message.TextBody);
    }

    [Fact]
    [Logs(203)]
    public async Task An_address_that_no_mail_can_be_made_for_keeps_nobody_else_waiting()
    {
        var broken = await _app.SubscriberAsync("broken@customer.example");
        await _app.InStoreAsync(db =>
            db.Subscribers.Where(row => row.Id == broken.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Email, "broken.@@customer.example"))
        );
        for (var i = 0; i < 5; i++)
            await _app.SubscriberAsync($"good{i}@customer.example");
        await _api.OpenIncidentAsync();
        await _mail.WaitForCountAsync(5);
        var waiting = await DeliveryAsync(row => row.RecipientId == RecipientId.Of(broken.Id) && row.LastError is not null);
        Assert.Equal(DeliveryState.Queued, waiting.State);
    }

    [Fact]
    public async Task What_was_deleted_while_it_waited_is_not_sent_any_more()
    {
        await _app.SubscriberAsync("ann@customer.example");
        _mail.Refuse("ann@customer.example", 451);
        var incident = await _api.OpenIncidentAsync(Example());
        await DeliveryAsync(row => row is { State: DeliveryState.Queued, LastError: not null });
        using var owner = await _app.ApiAsync(Domain.Accounts.Role.Owner);
        (await owner.DeleteAsync($"incidents/{incident.Id}")).Expect(System.Net.HttpStatusCode.OK);
        await _app.InStoreAsync(db => db.Deliveries.ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAttemptAt, DateTimeOffset.UnixEpoch)));
        Assert.Equal("What it told of was withdrawn or deleted.", (await DeliveryAsync(row => row.State == DeliveryState.Suppressed)).LastError);
        Assert.Empty(_mail.Received);
    }
}
