using StatusPage.Tests.Host;

namespace StatusPage.Tests.Themes;

/// <summary>Mails use the theme of their page.</summary>
public sealed class ThemeMailTests
{
    [Fact]
    public async Task A_mail_has_the_theme_s_template_and_colours_and_what_it_lacks_is_the_default_s()
    {
        using var folder = new TempFolder();
        var theme = Directory.CreateDirectory(Path.Combine(folder.Path, "themes", "acme")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(theme, "theme.json"),
            """{ "light": { "accent": "#6b21a8" }, "dark": { "bg": "#100018" }, "email": { "light": { "text": "#120512" } } }"""
        );
        Directory.CreateDirectory(Path.Combine(theme, "email"));
        await File.WriteAllTextAsync(
            Path.Combine(theme, "email", "update.txt.liquid"),
            "From Acme with love: {{ title }}\n{{ body_text }}\n{{ unsubscribe_url }}"
        );
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync(
            folder,
            null,
            "--Theme",
            "acme",
            "--Email:Smtp",
            mail.Url,
            "--Email:From",
            "Acme <status@acme.example>"
        );
        await app.SubscriberAsync("ann@customer.example");
        var api = await app.ApiAsync();
        await api.OpenIncidentAsync(
            new
            {
                name = "Errors <b>",
                body = "We look.",
                severity = "SEV2",
            }
        );
        var received = await mail.WaitForAsync(_ => true);
        Assert.StartsWith("From Acme with love: Errors <b>", received.Text, StringComparison.Ordinal);
        Assert.Contains("background:#6b21a8;color:#ffffff", received.Html, StringComparison.Ordinal);
        Assert.Contains("color:#120512", received.Html, StringComparison.Ordinal);
        Assert.Contains(".page { background: #100018 !important; }", received.Html, StringComparison.Ordinal);
        Assert.Contains("Errors &lt;b&gt;", received.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("{{", received.Html, StringComparison.Ordinal);
    }
}
