using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.OpenSsl;
using StatusPage.Tests.Host;
using StatusPage.Web.Deliveries;

namespace StatusPage.Tests.Deliveries;

/// <summary>What mail servers on the way look at: signature, return path, and the shape of the bytes.</summary>
public sealed class SignedMailTests : IAsyncLifetime
{
    private readonly MailServer _mail = new();
    private readonly TempFolder _keys = new();
    private readonly RSA _key = RSA.Create(2048);
    private AppHost _app = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_keys.File("dkim.pem"), _key.ExportRSAPrivateKeyPem());
        _app = await AppHost.StartAsync(
            "--Email:Smtp",
            _mail.Url,
            "--Email:From",
            "Acme status <status@acme.example>",
            "--Page:Name",
            "Ächme",
            "--Email:ReturnPath",
            "bounces@acme.example",
            "--Email:Dkim:Domain",
            "acme.example",
            "--Email:Dkim:Selector",
            "status",
            "--Email:Dkim:KeyFile",
            _keys.File("dkim.pem")
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _mail.DisposeAsync();
        _keys.Dispose();
        _key.Dispose();
    }

    private async Task<IReadOnlyList<ReceivedMail>> SendAsync(int recipients)
    {
        for (var i = 0; i < recipients; i++)
            await _app.SubscriberAsync($"s{i}@customer.example");
        var api = await _app.ApiAsync();
        await api.OpenIncidentAsync(
            new
            {
                name = "Größere Störung",
                body = "…und ein Satz, der sehr lang ist und viele Zeichen jenseits von ASCII hat: "
                    + "ääääääääääääääääääääääääääääääääääääääääääääääääääääääääää.",
            }
        );
        await _mail.WaitForCountAsync(recipients);
        return _mail.Received;
    }

    [Fact]
    public async Task Every_message_is_signed_for_the_domain_and_the_signature_holds()
    {
        var verifier = new DkimVerifier(new Locator(_key));
        foreach (var mail in await SendAsync(20))
        {
            var signature = Assert.Single(mail.Message.Headers, header => header.Id == MimeKit.HeaderId.DkimSignature);
            Assert.Contains("d=acme.example", signature.Value);
            Assert.Contains("s=status", signature.Value);
            Assert.True(await verifier.VerifyAsync(mail.Message, signature), Encoding.UTF8.GetString(mail.Bytes));
        }
    }

    [Fact]
    public async Task The_return_path_says_who_it_was_for_and_cannot_be_made_up()
    {
        var mails = await SendAsync(3);
        var page = await _app.PageAsync();
        foreach (var mail in mails)
        {
            Assert.Matches("^bounces\\+[a-z0-9]{12}-[0-9a-f]{16}@acme\\.example$", mail.From);
            var subscriber = await _app.InStoreAsync(db => db.Subscribers.SingleAsync(row => row.Email == mail.To));
            Assert.Equal(subscriber.Id, ReturnPath.Read(mail.From, page.LinkKey));
            // Servers may change the case of an address that they report.
            Assert.Equal(subscriber.Id, ReturnPath.Read(mail.From.ToUpperInvariant(), page.LinkKey));
            var other = mail.From[^20] == '0' ? '1' : '0';
            Assert.Null(ReturnPath.Read(mail.From[..^20] + other + mail.From[^19..], page.LinkKey));
        }
    }

    [Fact]
    public async Task The_bytes_are_seven_bit_and_no_line_is_long()
    {
        foreach (var mail in await SendAsync(2))
        {
            Assert.All(mail.Bytes, value => Assert.True(value < 128));
            var text = Encoding.ASCII.GetString(mail.Bytes);
            // The signature and the signed links are the longest lines; RFC 5322, section 2.1.1 allows 998 and asks for 78.
            Assert.All(text[text.IndexOf("\r\n\r\n", StringComparison.Ordinal)..].Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
            Assert.DoesNotContain("\n", text.Replace("\r\n", "", StringComparison.Ordinal));
            Assert.Contains("ää", mail.Html);
            Assert.Contains("ää", mail.Text);
        }
    }

    [Fact]
    public async Task Each_reader_has_links_of_his_own()
    {
        var mails = await SendAsync(10);
        var page = await _app.PageAsync();
        foreach (var mail in mails)
        {
            var subscriber = await _app.InStoreAsync(db => db.Subscribers.SingleAsync(row => row.Email == mail.To));
            foreach (var purpose in new[] { Web.Subscriptions.SignedLinkPurpose.Manage, Web.Subscriptions.SignedLinkPurpose.Unsubscribe })
            {
                var path = Web.Subscriptions.SignedLink.PathFor(purpose, subscriber.Id, page.LinkKey);
                Assert.Contains(path, mail.Text);
                Assert.Contains(path, mail.Html);
            }
            Assert.Contains(
                Web.Subscriptions.SignedLink.PathFor(Web.Subscriptions.SignedLinkPurpose.Unsubscribe, subscriber.Id, page.LinkKey),
                mail.Message.Headers["List-Unsubscribe"]
            );
        }
        Assert.Equal(10, mails.Select(mail => mail.Message.MessageId).Distinct().Count());
    }

    /// <summary>Finds the public key as if it were in the DNS.</summary>
    private sealed class Locator(RSA key) : DkimPublicKeyLocatorBase
    {
        public override AsymmetricKeyParameter LocatePublicKey(
            string methods,
            string domain,
            string selector,
            CancellationToken cancellationToken = default
        )
        {
            Assert.Equal(("acme.example", "status"), (domain, selector));
            return (AsymmetricKeyParameter)new PemReader(new StringReader(key.ExportSubjectPublicKeyInfoPem())).ReadObject();
        }

        public override Task<AsymmetricKeyParameter> LocatePublicKeyAsync(
            string methods,
            string domain,
            string selector,
            CancellationToken cancellationToken = default
        ) => Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));
    }
}
