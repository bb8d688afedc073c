using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Tests.Deliveries;

/// <summary>Bounces and complaints, which come back through the signed hook.</summary>
public sealed class MailReportTests : IAsyncLifetime
{
    private const string Secret = "a-secret-of-enough-characters";
    private AppHost _app = null!;

    public async ValueTask InitializeAsync() =>
        _app = await AppHost.StartAsync("--Email:ReportsSecret", Secret, "--Email:ReturnPath", "bounces@acme.example");

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<(HttpStatusCode Status, JsonElement Json)> SendAsync(
        string body,
        string type = "application/json",
        string secret = Secret,
        int age = 0
    )
    {
        var seconds = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - age;
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{seconds}.{body}")));
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var request = new HttpRequestMessage(HttpMethod.Post, MailReports.Path) { Content = content };
        request.Headers.Add("StatusPage-Signature", string.Create(CultureInfo.InvariantCulture, $"t={seconds},v1={signature}"));
        using var answer = await _app.Http.SendAsync(request);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    private static string Event(string recipient, string type = "bounce", bool permanent = true, string? path = null) =>
        JsonSerializer.Serialize(
            new
            {
                events = new[]
                {
                    new
                    {
                        type,
                        permanent,
                        recipient,
                        return_path = path,
                        reason = "550 5.1.1 no such user",
                    },
                },
            }
        );

    private async Task<string> ResultAsync(string body, string type = "application/json")
    {
        var (status, json) = await SendAsync(body, type);
        Assert.True(status == HttpStatusCode.OK, $"{status}: {json}");
        return json.GetProperty("events")[0].GetProperty("result").GetString()!;
    }

    private Task<Subscriber> SubscriberAsync(string key) => _app.InStoreAsync(db => db.Subscribers.AsNoTracking().SingleAsync(row => row.Key == key));

    private async Task<string> ReturnPathAsync(Subscriber subscriber) =>
        ReturnPath.For(new(null, "bounces@acme.example"), subscriber.Id, (await _app.PageAsync()).LinkKey).Address;

    [Theory]
    [InlineData("bounce")]
    [InlineData("complaint")]
    public async Task Who_bounces_for_good_or_complains_is_not_written_to_any_more(string type)
    {
        await _app.SubscriberAsync("ann@customer.example");
        Assert.Equal("suppressed", await ResultAsync(Event("Ann@customer.example", type)));
        var subscriber = await SubscriberAsync("ann@customer.example");
        Assert.Equal((SubscriptionState.Suppressed, "550 5.1.1 no such user"), (subscriber.State, subscriber.SuppressedFor));
        var entry = await _app.InStoreAsync(db => db.Audit.AsNoTracking().SingleAsync(row => row.Action == "subscriber.suppressed"));
        Assert.Equal(("mail reports", "subscriber.suppressed"), (entry.Actor, entry.Action));
    }

    [Fact]
    public async Task A_passing_trouble_changes_nothing()
    {
        await _app.SubscriberAsync("ann@customer.example");
        Assert.StartsWith("noted", await ResultAsync(Event("ann@customer.example", permanent: false)), StringComparison.Ordinal);
        Assert.Equal(SubscriptionState.Confirmed, (await SubscriberAsync("ann@customer.example")).State);
    }

    [Fact]
    public async Task The_return_path_counts_more_than_the_address()
    {
        var ann = await _app.SubscriberAsync("ann@customer.example");
        await _app.SubscriberAsync("ben@customer.example");
        await ResultAsync(
            Event("ben@customer.example", path: (await ReturnPathAsync(ann)).ToUpperInvariant().Replace("BOUNCES", "bounces", StringComparison.Ordinal))
        );
        Assert.Equal(SubscriptionState.Suppressed, (await SubscriberAsync("ann@customer.example")).State);
        Assert.Equal(SubscriptionState.Confirmed, (await SubscriberAsync("ben@customer.example")).State);
    }

    [Fact]
    public async Task The_page_is_that_of_the_report_and_not_of_the_address_that_it_came_to()
    {
        await _app.SubscriberAsync("ann@customer.example");
        var page = await _app.AddPageAsync("Europe", slug: "eu");
        var (ann, ben) = (
            An.Subscriber(page.Id, "ann@customer.example", [], DateTimeOffset.UtcNow),
            An.Subscriber(page.Id, "ben@customer.example", [], DateTimeOffset.UtcNow)
        );
        await _app.InStoreAsync(async db =>
        {
            foreach (var subscriber in new[] { ann, ben })
                subscriber.Confirm(DateTimeOffset.UtcNow);
            db.AddRange(ann, ben);
            return await db.SaveChangesAsync();
        });
        // The return path is signed with the key of one page.
        Assert.Equal(
            "suppressed",
            await ResultAsync(Event("ann@customer.example", path: ReturnPath.For(new(null, "bounces@acme.example"), ann.Id, page.LinkKey).Address))
        );
        Assert.Equal([SubscriptionState.Confirmed, SubscriptionState.Suppressed], await StatesAsync("ann@customer.example"));
        Assert.Equal(
            page.Id,
            await _app.InStoreAsync(db => db.Audit.Where(row => row.Action == "subscriber.suppressed").Select(row => row.PageId).SingleAsync())
        );
        // An address that does not work for one page works for no page.
        Assert.Equal("suppressed", await ResultAsync(Event("ben@customer.example")));
        Assert.Equal([SubscriptionState.Suppressed], await StatesAsync("ben@customer.example"));
        Assert.Equal("suppressed", await ResultAsync(Event("ann@customer.example")));
        Assert.Equal([SubscriptionState.Suppressed, SubscriptionState.Suppressed], await StatesAsync("ann@customer.example"));

        Task<List<SubscriptionState>> StatesAsync(string key) =>
            _app.InStoreAsync(db => db.Subscribers.Where(row => row.Key == key).Select(row => row.State).OrderBy(state => state).ToListAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_member_of_a_group_is_found_by_return_path_and_by_address(bool byPath)
    {
        var page = await _app.AddPageAsync("Europe", slug: "eu");
        var group = Audience.Create(page.Id, "Partners", new HashSet<string>(), DateTimeOffset.UtcNow);
        var member = Subscriber.Member(page.Id, group.Id, "ann@partner.example", DateTimeOffset.UtcNow);
        await _app.InStoreAsync(db =>
        {
            db.AddRange(group, member);
            return db.SaveChangesAsync();
        });
        var path = byPath ? ReturnPath.For(new(null, "bounces@acme.example"), member.Id, page.LinkKey).Address : null;
        Assert.Equal("suppressed", await ResultAsync(Event(byPath ? "somebody@else.example" : "Ann@partner.example", path: path)));
        Assert.Equal(
            SubscriptionState.Suppressed,
            await _app.InStoreAsync(db => db.Subscribers.WithMembers().Where(row => row.Id == member.Id).Select(row => row.State).SingleAsync())
        );
    }

    [Fact]
    public async Task The_same_report_again_changes_nothing_more()
    {
        await _app.SubscriberAsync("ann@customer.example");
        await ResultAsync(Event("ann@customer.example"));
        Assert.StartsWith("nothing to do", await ResultAsync(Event("ann@customer.example")), StringComparison.Ordinal);
        Assert.Equal(1, await _app.InStoreAsync(db => db.Audit.CountAsync(row => row.Action == "subscriber.suppressed")));
    }

    [Fact]
    public async Task Who_is_not_known_is_ignored() =>
        Assert.StartsWith("ignored", await ResultAsync(Event("nobody@customer.example")), StringComparison.Ordinal);

    [Fact]
    public async Task A_delivery_status_notification_is_read_as_it_comes()
    {
        var ann = await _app.SubscriberAsync("ann@customer.example");
        Assert.Equal(
            "suppressed",
            await ResultAsync(
                $"""
                From: MAILER-DAEMON@mx.example
                To: {await ReturnPathAsync(ann)}
                Subject: Undelivered Mail Returned to Sender
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=delivery-status; boundary="b"

                --b
                Content-Type: text/plain

                Sorry.
                --b
                Content-Type: message/delivery-status

                Reporting-MTA: dns; mx.example

                Final-Recipient: rfc822; somebody.else@forwarded.example
                Action: failed
                Status: 5.1.1
                Diagnostic-Code: smtp; 550 5.1.1 User unknown

                --b--
                """.ReplaceLineEndings("\r\n"),
                "message/rfc822"
            )
        );
        Assert.Equal("550 5.1.1 User unknown", (await SubscriberAsync("ann@customer.example")).SuppressedFor);
    }

    [Fact]
    public async Task A_status_that_says_4_suppresses_nobody()
    {
        await _app.SubscriberAsync("ann@customer.example");
        var result = await ResultAsync(
            """
            From: MAILER-DAEMON@mx.example
            To: bounces@acme.example
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status; boundary="b"

            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example

            Final-Recipient: rfc822; ann@customer.example
            Action: failed
            Status: 4.4.7

            --b--
            """.ReplaceLineEndings("\r\n"),
            "message/rfc822"
        );
        Assert.StartsWith("noted", result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feedback_report_is_a_complaint()
    {
        var ann = await _app.SubscriberAsync("ann@customer.example");
        Assert.Equal(
            "suppressed",
            await ResultAsync(
                $"""
                From: feedback@provider.example
                To: abuse@acme.example
                MIME-Version: 1.0
                Content-Type: multipart/report; report-type=feedback-report; boundary="b"

                --b
                Content-Type: text/plain

                This is a report.
                --b
                Content-Type: message/feedback-report

                Feedback-Type: abuse
                User-Agent: Provider/1.0
                Version: 1
                Original-Mail-From: <{await ReturnPathAsync(ann)}>

                --b
                Content-Type: message/rfc822

                From: status@acme.example
                To: hidden@provider.example
                Subject: x

                x
                --b--
                """.ReplaceLineEndings("\r\n"),
                "message/rfc822"
            )
        );
        Assert.Contains("abuse", (await SubscriberAsync("ann@customer.example")).SuppressedFor, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_or_old_signature_is_refused()
    {
        await _app.SubscriberAsync("ann@customer.example");
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(Event("ann@customer.example"), secret: "another-secret-of-a-stranger")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(Event("ann@customer.example"), age: 301)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(Event("ann@customer.example"), age: -301)).Status);
        using var unsigned = await _app.Http.PostAsync(MailReports.Path, new StringContent(Event("ann@customer.example")));
        Assert.Equal(HttpStatusCode.Unauthorized, unsigned.StatusCode);
        Assert.Equal(SubscriptionState.Confirmed, (await SubscriberAsync("ann@customer.example")).State);
    }

    [Theory]
    [InlineData("nonsense", "not valid JSON")]
    [InlineData("[]", "array 'events'")]
    [InlineData("""{"events":[{"type":"open","recipient":"a@b.c"}]}""", "'bounce' or 'complaint'")]
    [InlineData("""{"events":[{"type":"bounce"}]}""", "must name")]
    [InlineData("""{"events":[{"type":"bounce","recipient":7}]}""", "must be a string")]
    [InlineData("""{"events":[{"type":"bounce","recipient":"a@b.c","permanent":"yes"}]}""", "true or false")]
    [InlineData("""{"events":[{"type":"bounce","recipient":"\ud800"}]}""", "Unicode")]
    public async Task What_cannot_be_read_is_answered_with_what_is_wrong(string body, string message)
    {
        var (status, json) = await SendAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(message, json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_is_no_report_is_said_to_be_none() =>
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync("From: a@b.c\r\nTo: d@e.f\r\n\r\nHello", "message/rfc822")).Status);

    [Fact]
    public async Task More_than_256_KB_are_too_much() =>
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(new string(' ', 256 * 1024 + 1))).Status);

    [Fact]
    public async Task Without_a_secret_there_is_no_hook()
    {
        await using var app = await AppHost.StartAsync();
        using var answer = await app.Http.PostAsync(MailReports.Path, new StringContent("{}"));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
