using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace StatusPage.Tests.Host;

/// <summary>Debian's Chromium, driven by Playwright.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new()
            {
                ExecutablePath = Array.Find(Places, File.Exists) ?? throw new InvalidOperationException("Chromium is missing: apt-get install chromium"),
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ],
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A window with a fresh profile.</summary>
    public async Task<IPage> NewPageAsync(Uri address, int width = 1280, int height = 900, bool scripts = true, string? zone = null)
    {
        var context = await _browser!.NewContextAsync(
            new()
            {
                BaseURL = address.ToString(),
                ViewportSize = new() { Width = width, Height = height },
                JavaScriptEnabled = scripts,
                TimezoneId = zone,
            }
        );
        return await context.NewPageAsync();
    }
}

public static class Pages
{
    /// <summary>Waits until the address matches. Playwright's own WaitForURLAsync misses a page that was there before it began to look.</summary>
    public static Task IsAtAsync(this IPage page, string pattern) =>
        Assertions.Expect(page).ToHaveURLAsync(new Regex(pattern), new() { Timeout = (float)Eventually.Deadline.TotalMilliseconds });
}
