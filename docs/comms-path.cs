#!/usr/bin/env dotnet
// Walks the path of the person who posts, by keyboard alone, as fast as people type, and says how long it takes from the sign-in to the public page.
// dotnet run docs/comms-path.cs -- ADDRESS EMAIL PASSWORD [KEYS-A-SECOND [FOLDER]]: with a folder, a picture of each step is put there, off the clock.
#:package Microsoft.Playwright
#:property PublishAot=false

using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;

if (args is not [var address, var email, var password, .. var rest])
{
    await Console.Error.WriteLineAsync("Usage: dotnet run docs/comms-path.cs -- ADDRESS EMAIL PASSWORD [KEYS-A-SECOND [FOLDER]]");
    return 2;
}

// 5 keys a second are 60 words a minute; somebody who is awake types so.
var rate = rest is [var given, ..] ? double.Parse(given, CultureInfo.InvariantCulture) : 5;
var folder = rest is [_, var named] ? named : null;
var strokes = 0;
using var playwright = await Playwright.CreateAsync();
await using var browser = await playwright.Chromium.LaunchAsync(
    new()
    {
        ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
        Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
    }
);
await using var context = await browser.NewContextAsync(new() { BaseURL = address, Locale = "en-US" });
var page = await context.NewPageAsync();
await page.GotoAsync("/admin/sign-in");
var clock = Stopwatch.StartNew();
await TypeAsync(email);
await PressAsync("Tab");
await TypeAsync(password);
await PressAsync("Enter");
await page.WaitForURLAsync("**/admin");
var signedIn = clock.Elapsed;
await PictureAsync("path-1-desk");
await PressAsync("n");
await page.WaitForURLAsync("**/admin/incidents/new");
await TypeAsync("Elevated error rates on our API");
await UntilAsync("Severity");
await TypeAsync("SEV2");
await UntilAsync("Update.Body");
await TypeAsync("We are investigating elevated error rates on our API.");
await PictureAsync("path-2-composer");
await PressAsync("Control+Enter");
await page.WaitForURLAsync(url =>
    url.Contains("/admin/incidents/", StringComparison.Ordinal)
    && !url.EndsWith("/new", StringComparison.Ordinal)
    && !url.Contains("/new?", StringComparison.Ordinal)
);
using var http = new HttpClient { BaseAddress = new Uri(address) };
while (!(await http.GetStringAsync(new Uri("/", UriKind.Relative))).Contains("We are investigating elevated error rates", StringComparison.Ordinal))
    await Task.Delay(20);
var published = clock.Elapsed;
await PictureAsync("path-3-posted");
if (folder is not null)
    await page.GotoAsync("/");
await PictureAsync("path-4-public");
Console.WriteLine(
    string.Create(
        CultureInfo.InvariantCulture,
        $"{strokes} keys at {rate:0.#} a second. Signed in after {signedIn.TotalSeconds:0.0} s; "
            + $"public after {published.TotalSeconds:0.0} s, {(published - signedIn).TotalSeconds:0.0} s from the desk; "
            + $"the program's share {(published.TotalSeconds - strokes / rate):0.0} s."
    )
);
return 0;

async Task TypeAsync(string text)
{
    strokes += text.Length;
    await page.Keyboard.TypeAsync(text, new() { Delay = (float)(1000 / rate) });
}

async Task PressAsync(string key)
{
    strokes++;
    await Task.Delay(TimeSpan.FromSeconds(1 / rate));
    await page.Keyboard.PressAsync(key);
}

async Task PictureAsync(string name)
{
    if (folder is null)
        return;
    clock.Stop();
    // The preview follows the typing after a short rest.
    await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
    await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    clock.Start();
}

async Task UntilAsync(string field)
{
    while (await page.EvaluateAsync<string>("document.activeElement.name") != field)
        await PressAsync("Tab");
}
