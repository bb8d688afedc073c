using AngleSharp.Html.Dom;

namespace StatusPage.Tests.Host;

/// <summary>An owner at the comms desk, signed in through the real form.</summary>
public static class Desk
{
    public const string Email = "owner@acme.example";
    public const string Password = "correct-horse-battery";

    public static string[] Owner => ["--Admin:Email", Email, "--Admin:Password", Password];

    public static async Task<BrowserSession> SignInAsync(this AppHost app, string email = Email, string password = Password)
    {
        var browser = app.NewBrowser();
        await browser.FillInAsync("/admin/sign-in", new { Email = email, Password = password });
        Assert.Equal("/admin", browser.Location.AbsolutePath);
        return browser;
    }

    /// <summary>The form's fields for the guide's example.</summary>
    public static Dictionary<string, object?> Example(string? component = null, string status = "partial_outage")
    {
        var values = new Dictionary<string, object?>
        {
            ["Title"] = "Elevated error rates on our API",
            ["Severity"] = "SEV2",
            ["Update.Body"] = "We are investigating elevated error rates on our API.",
            ["Update.ImpactSummary"] = "~15% of requests failing",
            ["Update.TeamStatus"] = "Working on identifying root cause",
            ["Update.NextUpdateIn"] = "30",
        };
        if (component is not null)
            values[$"Update.Components[{component}]"] = status;
        else
            values["NoComponents"] = "true";
        return values;
    }

    public static IHtmlFormElement Form(this IHtmlDocument page, string handler) =>
        page.Forms.OfType<IHtmlFormElement>().First(form => (form.GetAttribute("action") ?? "").Contains($"handler={handler}", StringComparison.Ordinal));

    public static string ErrorFor(this IHtmlDocument page, string field) =>
        page.QuerySelector($"[data-valmsg-for='{field}'].field-validation-error")?.TextContent ?? "";

    public static string Summary(this IHtmlDocument page) => page.QuerySelector(".validation-summary-errors")?.TextContent.Trim() ?? "";
}
