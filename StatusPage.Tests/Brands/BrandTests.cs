using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Tests.Host;
using StatusPage.Web.Public;
using StatusPage.Web.Snapshot;
using StatusPage.Web.Themes;

namespace StatusPage.Tests.Brands;

/// <summary>An owner's logo, icon and colour, from the form to everything that readers see.</summary>
public sealed class BrandTests
{
    private const string Room = "/admin/brand";

    private static Task<IHtmlDocument> SaveAsync(BrowserSession owner, object values) => owner.FillInAsync(Room, values, "form[enctype]");

    private static string Said(IHtmlDocument page, string field) => page.QuerySelector($"[data-valmsg-for='{field}']")?.TextContent ?? "";

    [Fact]
    public async Task A_logo_an_icon_and_a_colour_are_on_the_page_in_badges_embeds_and_links()
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Page:Name", "Acme"]);
        await app.ComponentAsync("API");
        using var owner = await app.SignInAsync();
        var saved = await SaveAsync(
            owner,
            new
            {
                Accent = "#6b21a8",
                Logo = Pictures.Svg("<script>alert(1)</script><path d='M0 0h120v40H0z'/>"),
                DarkLogo = Pictures.Svg("<path d='M1 1h9v9z'/>"),
                Icon = Pictures.Png(),
            }
        );
        Assert.Contains("This was taken out of the picture: <script>", saved.QuerySelector(".done")!.TextContent, StringComparison.Ordinal);

        var page = await owner.GetAsync("/");
        var logo = page.QuerySelector<IHtmlImageElement>("header img.logo")!;
        Assert.Equal("Acme", logo.AlternativeText);
        Assert.Equal("screen and (prefers-color-scheme: dark)", page.QuerySelector("header picture source")!.GetAttribute("media"));
        Assert.EndsWith(".png", page.QuerySelector("link[rel=apple-touch-icon]")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.EndsWith(".png", page.QuerySelector("link[rel=icon]")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.StartsWith(
            app.BaseAddress.ToString() + "assets/icon.",
            page.QuerySelector("meta[property='og:image']")!.GetAttribute("content"),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "--accent:#6b21a8",
            await app.Http.GetStringAsync(page.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")),
            StringComparison.Ordinal
        );

        using var picture = await app.Http.GetAsync(logo.GetAttribute("src"));
        Assert.Equal("image/svg+xml", picture.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", picture.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("default-src 'none'; style-src 'unsafe-inline'; sandbox", picture.Headers.GetValues("Content-Security-Policy").Single());
        Assert.Equal("cross-origin", picture.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.Contains("immutable", picture.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("script", await picture.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Assert.Contains("<image x=\"5\"", await app.Http.GetStringAsync("/badges/api.svg"), StringComparison.Ordinal);
        Assert.Contains("<image x=\"5\"", await app.Http.GetStringAsync("/badges/overall.svg?label=Acme"), StringComparison.Ordinal);
        Assert.Contains("class=\"logo\"", await app.Http.GetStringAsync("/embed"), StringComparison.Ordinal);
        Assert.Equal(
            "page.branded",
            await app.InStoreAsync(db => db.Audit.OrderByDescending(entry => entry.Id).Select(entry => entry.Action).FirstAsync())
        );

        var without = await SaveAsync(owner, new { Accent = "", TakenOut = new[] { "Logo", "DarkLogo", "Icon" } });
        Assert.Equal("Saved. It is on the page.", without.QuerySelector(".done")!.TextContent);
        var bare = await owner.GetAsync("/");
        Assert.Equal("Acme", bare.QuerySelector("header .name")!.TextContent);
        Assert.DoesNotContain("<image", await app.Http.GetStringAsync("/badges/api.svg"), StringComparison.Ordinal);
        // Pages in caches still show it.
        Assert.Equal(HttpStatusCode.OK, (await app.Http.GetAsync(logo.GetAttribute("src"))).StatusCode);
    }

    [Fact]
    public async Task Mails_show_the_logo_by_its_whole_address_and_say_the_name_without_it()
    {
        await using var mail = new MailServer();
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Email:Smtp", mail.Url, "--Page:Name", "Acme"]);
        await app.SubscriberAsync("ann@customer.example");
        using var owner = await app.SignInAsync();
        await SaveAsync(
            owner,
            new
            {
                Accent = "#6b21a8",
                Logo = Pictures.Png(240, 64),
                DarkLogo = Pictures.Png(240, 64, 200),
            }
        );
        await (await app.ApiAsync()).OpenIncidentAsync(new { name = "Errors", body = "We look." });
        var html = (await mail.WaitForAsync(_ => true)).Html;
        Assert.Contains($"<img src=\"{app.BaseAddress}assets/logo.", html, StringComparison.Ordinal);
        Assert.Contains("alt=\"Acme\" height=\"32\"", html, StringComparison.Ordinal);
        Assert.Contains($"srcset=\"{app.BaseAddress}assets/logo-dark.", html, StringComparison.Ordinal);
        Assert.Contains("background:#6b21a8;color:#ffffff", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_or_is_no_picture_is_refused_with_what_to_do()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var pale = await SaveAsync(owner, new { Accent = "#ffd400" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, owner.Status);
        Assert.Contains("has a contrast of 1.4 to 1", Said(pale, "Accent"), StringComparison.Ordinal);
        Assert.Contains("The nearest that has it is #", Said(pale, "Accent"), StringComparison.Ordinal);
        Assert.Contains("is no colour", Said(await SaveAsync(owner, new { Accent = "purple" }), "Accent"), StringComparison.Ordinal);
        foreach (
            var (bytes, reason) in ((byte[], string)[])
                [
                    ("GIF89a"u8.ToArray(), "no PNG, JPEG, WebP or SVG"),
                    ("<html><script>alert(1)</script></html>"u8.ToArray(), "no PNG, JPEG, WebP or SVG"),
                    (Pictures.Png()[..30], "no PNG, JPEG, WebP or SVG"),
                    (Pictures.Png(5000, 2), "5,000 × 2 pixels"),
                    (new byte[300 * 1024], "256 KB are taken"),
                    (Pictures.Svg("<image href='x'/>"), "picture within the picture"),
                ]
        )
            Assert.Contains(reason, Said(await SaveAsync(owner, new { Logo = bytes }), "Logo"), StringComparison.Ordinal);
        Assert.Contains("as wide as it is high", Said(await SaveAsync(owner, new { Icon = Pictures.Png(96, 20) }), "Icon"), StringComparison.Ordinal);
        Assert.Contains("for light backgrounds, too", (await SaveAsync(owner, new { DarkLogo = Pictures.Png() })).Summary(), StringComparison.Ordinal);
        Assert.Null((await owner.GetAsync("/")).QuerySelector("header img"));
    }

    [Fact]
    public async Task The_snapshot_that_lies_on_disk_and_goes_to_other_nodes_has_the_pictures()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        await SaveAsync(owner, new { Logo = Pictures.Svg(), Accent = "#6b21a8" });
        var snapshot = app.Services.GetRequiredService<PublicSites>().First.Current!.Snapshot;
        var read = SnapshotJson.Read(SnapshotJson.Write(snapshot))!;
        var theme = app.Services.GetRequiredService<ThemeCatalog>().Of(read);
        Assert.Equal(snapshot.Brand, read.Brand);
        Assert.Equal(snapshot.Pictures.Single().Bytes, theme.Logo!.Bytes);
        Assert.Equal("#6b21a8", theme.Light["accent"].ToString());
    }
}
