using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Shared;

/// <summary>Addresses of the desk where nothing exists.</summary>
public sealed class MissingPageTests
{
    [Fact]
    public async Task Who_is_signed_in_gets_the_desks_own_page()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        foreach (
            var path in new[]
            {
                "/admin/nothing",
                "/admin/nothing/at/all",
                "/admin/incidents/unknown",
                "/admin/subscribers/abcdefghijkl",
                "/admin/pages/unknown",
                "/admin/pages/unknown?handler=Nothing",
                "/de/admin/nothing",
            }
        )
        {
            var page = await owner.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, owner.Status));
            if (!path.StartsWith("/de", StringComparison.Ordinal))
                Assert.Equal((path, "There is nothing here"), (path, page.QuerySelector("h1")?.TextContent));
        }
    }

    [Fact]
    public async Task A_form_for_what_is_not_there_finds_nothing()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        using var owner = await app.SignInAsync();
        var form = (await owner.GetAsync("/admin/pages")).QuerySelector<IHtmlFormElement>("main form[method=post]")!;
        foreach (var handler in new[] { "Close", "Open", "Move" })
        {
            form.Action = $"/admin/pages/unknown?handler={handler}";
            var page = await owner.SubmitAsync(form, new { Slug = "x" });
            Assert.Equal((HttpStatusCode.NotFound, "There is nothing here"), (owner.Status, page.QuerySelector("h1")?.TextContent));
        }
    }

    [Fact]
    public async Task Strangers_are_sent_to_sign_in_wherever_they_ask()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        foreach (var path in new[] { "/admin/nothing", "/admin/incidents/unknown", "/admin/incidents" })
        {
            using var answer = await app.Http.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.Redirect), (path, answer.StatusCode));
            Assert.StartsWith(
                "/admin/sign-in",
                answer.Headers.Location!.IsAbsoluteUri ? answer.Headers.Location.AbsolutePath : answer.Headers.Location.OriginalString,
                StringComparison.Ordinal
            );
        }
    }
}
