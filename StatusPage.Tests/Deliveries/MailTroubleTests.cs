using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Subscriptions;
using StatusPage.Tests.Host;
using StatusPage.Web.Deliveries;

namespace StatusPage.Tests.Deliveries;

/// <summary>A mail server that accepts nothing costs no delivery an attempt; a domain that refuses keeps no other domain waiting.</summary>
public sealed class MailTroubleTests : IAsyncLifetime
{
    private readonly ScriptedMailServer _mail = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _mail.DisposeAsync();

    private Task<AppHost> StartAsync(string starttls = "?starttls=never") =>
        AppHost.StartAsync([.. Desk.Owner, "--Email:Smtp", $"smtp://us:secret@127.0.0.1:{_mail.Port}{starttls}"]);

    private static Task<List<Delivery>> RowsAsync(AppHost app) =>
        app.InStoreAsync(db => db.Deliveries.AsNoTracking().OrderBy(row => row.Id).ToListAsync());

    [Theory]
    [InlineData("421 too many connections", "235 signed in", "421: too many connections")]
    [InlineData("454 try later", "235 signed in", "454: try later")]
    [InlineData("554 no service for you", "235 signed in", "554: no service for you")]
    [InlineData("220 ready", "535 wrong password", "refused our user name or password")]
    public async Task What_fails_before_anybody_was_named_costs_no_attempt_and_is_said_at_the_desk(string greeting, string signedIn, string reason)
    {
        (_mail.Greeting, _mail.SignedIn) = (greeting, signedIn);
        await using var app = await StartAsync();
        for (var i = 0; i < 40; i++)
            await app.SubscriberAsync($"s{i}@customer{i}.example");
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync();
        await Eventually.TrueAsync("the server was asked", () => Task.FromResult(app.Services.GetRequiredService<MailTransport>().Trouble is not null));
        await Eventually.TrueAsync(
            "all wait",
            async () => (await RowsAsync(app)) is { Count: 40 } rows && rows.TrueForAll(row => row is { State: DeliveryState.Queued, Attempts: 0 })
        );
        using var desk = await app.SignInAsync();
        var home = (await desk.GetAsync("/admin")).Body!.TextContent;
        Assert.Contains("The mail server takes no mails", home, StringComparison.Ordinal);
        Assert.Contains(reason, home, StringComparison.Ordinal);
        // Eight connections find out at once; after that the server is left alone.
        Assert.InRange(_mail.Connections, 1, 16);

        (_mail.Greeting, _mail.SignedIn) = ("220 ready", "235 signed in");
        await Eventually.TrueAsync("everybody is told", async () => (await RowsAsync(app)).TrueForAll(row => row.State == DeliveryState.Sent));
        Assert.All(await RowsAsync(app), row => Assert.Equal(1, row.Attempts));
        Assert.Equal(40, _mail.Taken);
        Assert.DoesNotContain("The mail server takes no mails", (await desk.GetAsync("/admin")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "offers no STARTTLS, and no password is sent in clear")]
    [InlineData("CN=127.0.0.1", "signed by itself")]
    [InlineData("CN=mail.example.com", "for another name than 127.0.0.1")]
    public async Task A_password_goes_over_no_connection_that_is_not_secure(string? certificate, string reason)
    {
        _mail.Certificate = certificate is null ? null : SelfSigned(certificate, DateTimeOffset.UtcNow.AddDays(1));
        await SaysAsync(reason);
    }

    [Fact]
    public async Task A_certificate_that_has_ended_is_named_as_such()
    {
        _mail.Certificate = SelfSigned("CN=127.0.0.1", new(2026, 3, 4, 0, 0, 0, TimeSpan.Zero));
        await SaysAsync("its certificate ended on 4 March 2026");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_address_in_another_script_is_written_to_where_the_server_takes_it_and_else_the_ledger_says_why(bool offers)
    {
        _mail.OffersLetters = offers;
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Email:Smtp", $"smtp://127.0.0.1:{_mail.Port}?starttls=never"]);
        await app.SubscriberAsync("अजय@डाटा.भारत");
        await app.SubscriberAsync(EmailAddress.Checked("ann@bücher.example"));
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync(new { name = "Fehler", body = "Über alles." });
        await Eventually.TrueAsync(
            "both are done",
            async () => (await RowsAsync(app)) is { Count: 2 } rows && rows.TrueForAll(row => row.State is DeliveryState.Sent or DeliveryState.Failed)
        );
        var failed = (await RowsAsync(app)).Where(row => row.State == DeliveryState.Failed).ToList();
        Assert.Equal(offers ? 0 : 1, failed.Count);
        Assert.All(failed, row => Assert.Contains("SMTPUTF8", row.LastError, StringComparison.Ordinal));
        Assert.Contains(_mail.Said, line => line.StartsWith("RCPT TO:<ann@xn--bcher-kva.example>", StringComparison.OrdinalIgnoreCase));
        // Asked for where an address needs it, and nowhere else: a server further on may lack it.
        Assert.Equal(offers ? 1 : 0, _mail.Said.Count(line => line.Contains("SMTPUTF8", StringComparison.Ordinal)));
        Assert.Equal(offers, _mail.Said.Any(line => line.StartsWith("RCPT TO:<अजय@", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public async Task Without_a_mail_server_mails_are_written_and_nobody_is_said_to_have_them()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        await app.SubscriberAsync("ann@customer.example");
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync();
        await Eventually.TrueAsync("it is written", async () => (await RowsAsync(app)) is [{ State: DeliveryState.Sent }]);
        using var desk = await app.SignInAsync();
        await Eventually.TrueAsync(
            "the desk says so",
            async () => (await desk.GetAsync("/admin")).Body!.TextContent.Contains("1 written to files, not sent", StringComparison.Ordinal)
        );
        Assert.DoesNotContain("sent to", (await desk.GetAsync("/admin")).Body!.TextContent, StringComparison.Ordinal);
    }

    private async Task SaysAsync(string reason)
    {
        await using var app = await StartAsync(starttls: "");
        await app.SubscriberAsync("ann@customer.example");
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync();
        await Eventually.TrueAsync("the server was asked", () => Task.FromResult(app.Services.GetRequiredService<MailTransport>().Trouble is not null));
        Assert.Contains(reason, app.Services.GetRequiredService<MailTransport>().Trouble!.Reason, StringComparison.Ordinal);
        await Eventually.TrueAsync("it waits", async () => (await RowsAsync(app)) is [{ State: DeliveryState.Queued, Attempts: 0 }]);
        Assert.DoesNotContain(_mail.Said, line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    private static X509Certificate2 SelfSigned(string name, DateTimeOffset until)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name["CN=".Length..], out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name["CN=".Length..]);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(until.AddDays(-30), until);
    }

    [Fact]
    public async Task A_domain_that_refuses_mail_after_mail_is_left_alone_and_the_others_are_told()
    {
        var asked = 0;
        _mail.Recipient = line =>
        {
            if (!line.Contains("@busy.example", StringComparison.Ordinal))
                return "250 ok";
            Interlocked.Increment(ref asked);
            return "451 4.7.1 too much from you";
        };
        await using var app = await StartAsync();
        for (var i = 0; i < 60; i++)
            await app.SubscriberAsync($"s{i}@busy.example");
        for (var i = 0; i < 20; i++)
            await app.SubscriberAsync($"t{i}@calm.example");
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync();
        await Eventually.TrueAsync("the others are told", async () => (await RowsAsync(app)).Count(row => row.State == DeliveryState.Sent) == 20);
        await Eventually.TrueAsync("the rest waits", async () => (await RowsAsync(app)).Count(row => row.State == DeliveryState.Queued) == 60);
        // Three refusals in a row, and the mails that the other connections had begun.
        Assert.InRange(asked, 3, 12);
        Assert.InRange((await RowsAsync(app)).Count(row => row.Attempts > 0 && row.State == DeliveryState.Queued), 3, 12);
    }

    [Fact]
    public async Task A_mailbox_that_is_full_says_nothing_of_its_domain()
    {
        _mail.Recipient = line => line.Contains("full", StringComparison.Ordinal) ? "452 4.2.2 mailbox full" : "250 ok";
        await using var app = await StartAsync();
        for (var i = 0; i < 20; i++)
            await app.SubscriberAsync($"{(i < 10 ? "full" : "free")}{i}@customer.example");
        using var api = await app.ApiAsync();
        await api.OpenIncidentAsync();
        await Eventually.TrueAsync("those that can be told are", async () => (await RowsAsync(app)).Count(row => row.State == DeliveryState.Sent) == 10);
        await Eventually.TrueAsync(
            "the others were tried",
            async () => (await RowsAsync(app)).Count(row => row is { State: DeliveryState.Queued, Attempts: 1 }) == 10
        );
    }
}
