using System.Net;
using System.Text.Json;
using CsCheck;
using StatusPage.Domain.Accounts;
using StatusPage.Tests.Host;
using Desk = StatusPage.Tests.Host.Desk;

namespace StatusPage.Tests.Accounts;

public sealed class PasswordTests
{
    [Theory]
    [InlineData("short-one", "12 characters")]
    [InlineData("ACME-status-2026!", "your name or the page's")]
    [InlineData("acme.example2026", "your name or the page's")]
    [InlineData("abababababab", "repeats")]
    [InlineData("a kitchen, a lamp, a river", null)]
    public void The_rule_says_what_is_wrong(string password, string? why)
    {
        var objection = PasswordRule.Objection(password, ["Acme Status", "ann@acme.example"]);
        if (why is null)
            Assert.Null(objection);
        else
            Assert.Contains(why, objection?.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A name with digits and signs around it is not accepted as a password.</summary>
    [Fact]
    public void Names_with_signs_around_them_are_refused() =>
        Gen.Select(Gen.String["0123456789!?-_. "], Gen.String["0123456789!?-_. "], Gen.Bool)
            .Where((before, after, _) => before.Length + after.Length >= 8 && before.Length + after.Length < 200)
            .Sample((before, after, isUpper) => Assert.NotNull(PasswordRule.Objection($"{before}{(isUpper ? "ACME" : "acme")}{after}", ["Acme"])));

    [Theory]
    [InlineData("Password123!")]
    [InlineData("qwertyuiop12")]
    [InlineData("letmeinletmein")]
    [InlineData("administrator1")]
    [InlineData("iloveyou1234")]
    [InlineData("Acme-acme-acme")]
    [InlineData("owner@acme.example")]
    public async Task A_password_that_is_guessed_first_is_taken_by_no_road(string bad)
    {
        await using var app = await AppHost.StartAsync([.. Desk.Owner, "--Page:Name", "Acme"]);
        using var owner = await app.SignInAsync();
        var changed = await owner.FillInAsync("/admin/account", new { OldPassword = Desk.Password, NewPassword = bad }, "form[action*=Password]");
        Assert.NotEqual("", changed.ErrorFor("NewPassword"));
        await owner.FillInAsync("/admin/accounts", new { Email = "ann@acme.example", Role = "comms" }, "form[action*=Invite]");
        using var ann = app.NewBrowser();
        var joined = await ann.FillInAsync(await app.MailedPathAsync("ann@acme.example", "invite:"), new { Password = bad });
        Assert.NotEqual("", joined.ErrorFor("Password"));
        using var forgetful = app.NewBrowser();
        await forgetful.FillInAsync("/admin/forgot", new { Desk.Email });
        var path = await app.MailedPathAsync(Desk.Email, "reset:");
        Assert.NotEqual("", (await forgetful.FillInAsync(path, new { Password = bad })).ErrorFor("Password"));
        using var again = await app.SignInAsync();
    }

    [Fact]
    public async Task While_it_is_typed_the_same_rule_answers_to_our_own_pages_alone()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        foreach (
            var (password, isGood) in new[]
            {
                ("Password123!", false),
                ("a kitchen, a lamp, a river", true),
                (new string('x', 100_000), false),
                ("", false),
            }
        )
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/password/strength")
            {
                Content = new FormUrlEncodedContent([new("password", password), new("email", "ann@acme.example")]),
            };
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            using var answer = await app.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            Assert.Equal(isGood, json.RootElement.GetProperty("objection").ValueKind == JsonValueKind.Null);
            Assert.Equal(isGood, json.RootElement.GetProperty("score").GetInt32() >= 2);
        }
        using var foreign = await app.Http.PostAsync("/admin/password/strength", new FormUrlEncodedContent([new("password", "x")]));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }
}
