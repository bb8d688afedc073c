using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using StatusPage.Tests.Host;
using Desk = StatusPage.Tests.Host.Desk;

namespace StatusPage.Tests.Accounts;

/// <summary>Colleagues of the owner, who get in by the same ways as real ones.</summary>
internal static class People
{
    public const string Password = "a-long-enough-password";
    private const int StepSeconds = 30;

    /// <summary>Invites somebody and follows the link.</summary>
    public static async Task<BrowserSession> JoinAsync(this AppHost app, BrowserSession owner, string email, string role)
    {
        var page = await owner.FillInAsync("/admin/accounts", new { Email = email, Role = role }, "form[action*=Invite]");
        var browser = app.NewBrowser();
        await browser.FillInAsync(new Uri(page.QuerySelector(".secret")!.TextContent).PathAndQuery, new { Password });
        Assert.Equal("/admin", browser.Location.AbsolutePath);
        return browser;
    }

    /// <summary>The number of mails of a kind to an address, sent or not.</summary>
    /// <param name="about">"invite:" or "reset:".</param>
    public static Task<int> MailsAsync(this AppHost app, string email, string about) =>
        app.InStoreAsync(db => db.Notices.CountAsync(row => row.Address == email && row.Key.StartsWith(about)));

    /// <summary>Waits for the latest mail of a kind to an address and returns the path of its link.</summary>
    public static Task<string> MailedPathAsync(this AppHost app, string email, string about) =>
        Eventually.GetAsync(
            $"the mail to {email}",
            async () =>
            {
                var folder = new DirectoryInfo(Path.Combine(app.DataDirectory, "mail"));
                if (!folder.Exists)
                    return null;
                var link = about == "reset:" ? "/admin/reset/" : "/admin/join/";
                var paths = folder
                    .EnumerateFiles("*.eml")
                    .OrderBy(file => file.LastWriteTimeUtc)
                    .Select(file => MimeMessage.Load(file.FullName))
                    .Where(mail => mail.To.Mailboxes.Any(to => to.Address == email))
                    .SelectMany(mail => (mail.TextBody ?? "").Split())
                    .Where(word => word.Contains(link, StringComparison.Ordinal))
                    .ToList();
                return paths.Count > 0 && paths.Count == await app.MailsAsync(email, about) ? new Uri(paths[^1]).PathAndQuery : null;
            }
        );

    /// <summary>Sets up an app.</summary>
    /// <returns>Its key and the recovery codes.</returns>
    public static async Task<(string Key, string[] Codes)> SetUpAppAsync(this BrowserSession browser)
    {
        var key = (await browser.GetAsync("/admin/account/app")).QuerySelector(".secret")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        var page = await browser.FillInAsync("/admin/account/app", new { Code = CodeOf(key) }, "main form");
        return (key, [.. page.QuerySelectorAll(".codes code").Select(code => code.TextContent)]);
    }

    /// <summary>Signs in with the password and the app's next code.</summary>
    public static async Task<BrowserSession> SignInByAppAsync(this AppHost app, string key, string email = Desk.Email, string password = Desk.Password)
    {
        var browser = app.NewBrowser();
        await browser.FillInAsync("/admin/sign-in", new { Email = email, Password = password });
        await browser.FillInAsync("/admin/sign-in/second", new { Code = CodeOf(key, later: 1) });
        Assert.Equal("/admin", browser.Location.AbsolutePath);
        return browser;
    }

    /// <summary>The code that an app shows now (RFC 6238).</summary>
    /// <param name="later">Steps from now. A code works once, and the next one is accepted too.</param>
    public static string CodeOf(string key, int later = 0)
    {
        var bits = string.Concat(
            key.Select(letter => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0'))
        );
        var secret = Enumerable.Range(0, bits.Length / 8).Select(at => Convert.ToByte(bits.Substring(at * 8, 8), 2)).ToArray();
        var step = BitConverter.GetBytes(System.Net.IPAddress.HostToNetworkOrder((DateTimeOffset.UtcNow.ToUnixTimeSeconds() / StepSeconds) + later));
#pragma warning disable CA5350 // What apps do.
        var hash = HMACSHA1.HashData(secret, step);
#pragma warning restore CA5350
        var from = hash[^1] & 0xf;
        var number = (hash[from] & 0x7f) << 24 | hash[from + 1] << 16 | hash[from + 2] << 8 | hash[from + 3];
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}
