#!/usr/bin/env dotnet
// Takes the pictures of docs/pictures. Started by screenshots.sh: dotnet run docs/screenshots.cs -- ADDRESS EMAIL PASSWORD FOLDER
// Chromium's own --window-size stops at about 500 px, so the width is set through its debugging protocol, which Playwright speaks.
#:package Microsoft.Playwright
#:property PublishAot=false

using System.Text.Json;
using Microsoft.Playwright;

if (args is not [var address, var email, var password, var folder])
{
    await Console.Error.WriteLineAsync("Usage: dotnet run docs/screenshots.cs -- ADDRESS EMAIL PASSWORD FOLDER");
    return 2;
}

(string Name, int Width, int Height)[] screens = [("1280", 1280, 900), ("375", 375, 812)];
ColorScheme[] schemes = [ColorScheme.Light, ColorScheme.Dark];

using var http = new HttpClient { BaseAddress = new Uri(address) };
using var summary = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/v2/summary.json", UriKind.Relative)));
var newest = summary.RootElement.GetProperty("incidents")[0];
var incident = newest.GetProperty("id").GetString();
var update = newest.GetProperty("incident_updates")[0].GetProperty("id").GetString();
using var incidents = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/v2/incidents.json", UriKind.Relative)));
var learned = incidents
    .RootElement.GetProperty("incidents")
    .EnumerateArray()
    .First(one => one.GetProperty("incident_updates")[0].GetProperty("status").GetString() == "postmortem")
    .GetProperty("id")
    .GetString();
using var plans = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/v2/scheduled-maintenances.json", UriKind.Relative)));
var plan = plans.RootElement.GetProperty("scheduled_maintenances")[0].GetProperty("id").GetString();

(string Name, string Path, bool Whole)[] pages =
[
    ("home", "/", true),
    ("history", "/history", true),
    ("incident", $"/incidents/{incident}", true),
    ("component", "/components/api", true),
    ("postmortem", $"/incidents/{learned}", true),
    ("maintenance", $"/incidents/{plan}", true),
    ("metrics", "/system-metrics", true),
    ("promises", "/promises", true),
    ("missing", "/nothing-here", true),
    ("embed", "/embed", true),
    ("german", "/de/", true),
    ("arabic", "/ar/", true),
];

// These are made when they are asked for, so that a preview of another theme has none of them.
(string Name, string Path, bool Whole)[] answered = [("subscribe", "/subscribe", true), ("search", "/search?q=api", true), ("api", "/api/docs/", false)];
(string Name, string Path, bool Whole)[] desk =
[
    ("desk-channels", "/admin/channels", true),
    ("desk-channel-x", "/admin/channels/new?channel=x", true),
    ("desk-subscribers", "/admin/subscribers", true),
    ("desk-import", "/admin/subscribers/import", true),
    ("desk-settings", "/admin/settings", true),
    ("desk-theme", "/admin/theme?show=contrast", true),
    ("desk", "/admin", true),
    ("desk-new", "/admin/incidents/new", false),
    ("desk-incident", $"/admin/incidents/{incident}", true),
    ("desk-correct", $"/admin/incidents/{incident}/updates/{update}", true),
    ("desk-templates", "/admin/templates", true),
    ("desk-severities", "/admin/severities", true),
    ("desk-audit", "/admin/audit", true),
    ("desk-audiences", "/admin/audiences", true),
    ("desk-promises", "/admin/promises", true),
    ("desk-maintenances", "/admin/maintenances", true),
    ("desk-accounts", "/admin/accounts", true),
    ("desk-account", "/admin/account", true),
    ("desk-pages", "/admin/pages", true),
    ("desk-runbooks", "/admin/runbooks", true),
    ("desk-handover", "/admin/handover", true),
    ("desk-record", "/admin/record", true),
    ("desk-record-incident", $"/admin/incidents/{learned}/record", true),
    ("desk-review", "/admin/review", true),
    ("desk-gamedays", "/admin/gamedays", true),
];

using var playwright = await Playwright.CreateAsync();
await using var browser = await playwright.Chromium.LaunchAsync(
    new()
    {
        ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
        Args =
        [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
        ],
    }
);

foreach (var scheme in schemes)
{
    foreach (var (size, width, height) in screens)
    {
        await using var context = await browser.NewContextAsync(
            new()
            {
                BaseURL = address,
                ColorScheme = scheme,
                ViewportSize = new() { Width = width, Height = height },
                DeviceScaleFactor = 1,
                Locale = "en-US",
                TimezoneId = "America/Los_Angeles",
            }
        );
        var page = await context.NewPageAsync();
        foreach (var target in pages.Concat(answered))
            await TakeAsync(page, target, $"{size}-{scheme.ToString().ToLowerInvariant()}");
        await page.GotoAsync("/admin/sign-in");
        await page.FillAsync("input[type=email]", email);
        await page.FillAsync("input[type=password]", password);
        await page.ClickAsync("button");
        await page.Locator("nav a[aria-current=page]").WaitForAsync();
        // The other themes, as their previews show the page.
        foreach (var theme in new[] { "contrast", "compact" })
        foreach (var target in pages)
            await TakeAsync(
                page,
                ($"{theme}-{target.Name}", $"/admin/theme/preview/auto/{theme}{target.Path}", target.Whole),
                $"{size}-{scheme.ToString().ToLowerInvariant()}"
            );
        foreach (var target in desk)
            await TakeAsync(page, target, $"{size}-{scheme.ToString().ToLowerInvariant()}");
    }
}
return 0;

async Task TakeAsync(IPage page, (string Name, string Path, bool Whole) target, string suffix)
{
    await page.GotoAsync(target.Path);
    // A page that is wider than the screen is a fault of its own.
    var wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
    if (wide > 0)
        await Console.Error.WriteLineAsync($"{target.Path} is {wide} px wider than the screen at {suffix}.");
    await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{target.Name}-{suffix}-first.png") });
    if (target.Whole)
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{target.Name}-{suffix}.png"), FullPage = true });
}
