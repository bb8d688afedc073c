using System.Text;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Pages;
using StatusPage.Tests.Alerts;
using StatusPage.Tests.Host;
using StatusPage.Web.Alerts;
using StatusPage.Web.Drafts;
using StatusPage.Web.Incidents;
using StatusPage.Web.Public;
using StatusPage.Web.Shared;

namespace StatusPage.Tests.Drafts;

/// <summary>A draft keeps every value that was chosen, above all for whom it is.</summary>
public sealed class KeptInputTests
{
    private const string Secret = "A giraffe for VIPs";

    private static readonly Gen<string?> Words = Gen.OneOf<string?>(null, "", "x", "SEV2", "cadence", "at", "two\nlines");

    private static readonly Gen<ComposerInput> Inputs =
        from words in Words.Array[12]
        from flags in Gen.Bool.Array[7]
        from names in Gen.OneOf("a", "b", "c").Array[0, 3]
        select new ComposerInput(words[0], words[1], words[2], Form(words, flags, names))
        {
            StartedAt = words[3],
            EndedAt = words[4],
            Backfilled = flags[0],
        };

    private static UpdateForm Form(string?[] words, bool[] flags, string[] names) =>
        new()
        {
            Phase = words[5] ?? "resolved",
            Body = words[6],
            ImpactSummary = words[7],
            TeamStatus = words[8],
            NextUpdateIn = words[9] ?? "30",
            NextUpdateBy = words[10],
            Components = names.Distinct().ToDictionary(name => name, _ => words[11]),
            Restores = flags[1],
            Silent = flags[2],
            ChoosesChannels = flags[3],
            Channels = [.. names],
            ChoosesAudiences = flags[4],
            Public = flags[5],
            Audiences = [.. names],
            Wordings = names.Distinct().ToDictionary(name => name, _ => words[6]),
            Translations = names.Distinct().ToDictionary(name => name, _ => new TranslationForm { Title = words[0], Body = words[6] }),
        };

    [Fact]
    public void Whatever_was_typed_comes_back() =>
        Inputs.Sample(input =>
        {
            var read = ComposerInput.Read(input.Write());
            Assert.Equal(JsonSerializer.Serialize(input), JsonSerializer.Serialize(read));
        });

    [Fact]
    public void A_correction_comes_back() =>
        Gen.Select(Words, Words, Words, Gen.Bool)
            .Sample(
                (body, impact, team, tells) =>
                {
                    var input = CorrectionInput.Correction(body, impact, team, new Dictionary<string, string?> { ["a"] = body }, tells);
                    Assert.Equal(JsonSerializer.Serialize(input), JsonSerializer.Serialize(CorrectionInput.Read(input.Write())));
                }
            );

    [Fact]
    public async Task What_a_rule_publishes_for_a_group_alone_is_public_nowhere()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        var group = await GroupAsync(app);
        var caller = await app.AlertSourceAsync();
        await app.AlertRuleAsync(rule =>
            rule.Do(AlertAction.Publish, TimeSpan.FromMinutes(2), TimeSpan.FromHours(1), default).Say([], Severity.Sev3, null, group.Id, false)
        );
        await caller.FireAsync(title: Secret);
        await app.InStoreAsync(db =>
            db.Database.ExecuteSqlRawAsync("""UPDATE "AlertCases" SET "DueAt" = {0}""", DateTimeOffset.UtcNow.AddSeconds(-1).ToUnixTimeMilliseconds())
        );
        app.Services.GetRequiredService<AlertBell>().Ring();
        await Eventually.TrueAsync("it is published", async () => (await app.CasesAsync())[0].IncidentId is not null);
        await ForTheGroupAloneAsync(app, group);
    }

    [Fact]
    public async Task What_a_key_publishes_for_a_group_alone_is_public_nowhere()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        var group = await GroupAsync(app);
        var caller = await app.AlertSourceAsync();
        await app.AlertRuleAsync(rule => rule.Say([], Severity.Sev3, null, group.Id, false));
        await caller.FireAsync(title: Secret);
        using var api = await app.ApiAsync();
        var draft = (await app.CasesAsync())[0].DraftId;
        (await api.PostAsync($"drafts/{draft}/publish", new { })).Expect(System.Net.HttpStatusCode.Created);
        await ForTheGroupAloneAsync(app, group);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_person_drafts_for_a_group_alone_is_public_nowhere(bool needsApproval)
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        var group = await GroupAsync(app);
        if (needsApproval)
            await app.InStoreAsync(async db =>
            {
                var rule = SeverityRule.Default((await db.Pages.FirstAsync()).Id, Severity.Sev2);
                rule.Decide(rule.Cadence, rule.ProposedStatus, needsApproval: true);
                db.SeverityRules.Add(rule);
                return await db.SaveChangesAsync();
            });
        using var owner = await app.SignInAsync();
        var form = (await owner.GetAsync("/admin/incidents/new")).QuerySelector<IHtmlFormElement>("form[data-compose]")!;
        var handler = needsApproval ? "Submit" : "Draft";
        form.SetAttribute("action", form.QuerySelector($"button[formaction*='handler={handler}']")!.GetAttribute("formaction")!);
        await owner.SubmitAsync(
            form,
            new Dictionary<string, object?>(Desk.Example())
            {
                ["Title"] = Secret,
                ["Update.Public"] = "false",
                ["Update.Audiences"] = group.Id.Value,
            }
        );
        var draft = owner.Location.PathAndQuery;
        await app.AccountAsync("comms@acme.example", Role.Comms);
        using var comms = await app.SignInAsync("comms@acme.example");
        var answer = await comms.FillInAsync(draft, new { NoComponents = "true" }, "form[data-compose]");
        Assert.Equal("", answer.Summary());
        await ForTheGroupAloneAsync(app, group);
    }

    private static async Task ForTheGroupAloneAsync(AppHost app, Audience group)
    {
        var update = (await app.InStoreAsync(db => db.Incidents.Include(row => row.Updates).SingleAsync())).Latest;
        Assert.Equal((false, group.Id), (update.IsPublic, Assert.Single(update.AudienceIds)));
        // A post for everybody is shown after it, so that the page is the newest.
        using var api = await app.ApiAsync();
        await api.PostAsync("incidents", new { incident = new { name = "A zebra for all", body = "x" } });
        await Eventually.TrueAsync("it is shown", async () => (await app.Http.GetStringAsync("/")).Contains("zebra", StringComparison.Ordinal));
        foreach (var (path, made) in await app.Services.GetRequiredService<PublicSites>().First.Current!.AllAsync())
            Assert.False(Encoding.UTF8.GetString(made.Document.Plain.Body).Contains(Secret, StringComparison.Ordinal), path);
    }

    private static Task<Audience> GroupAsync(AppHost app) =>
        app.InStoreAsync(async db =>
        {
            var audience = Audience.Create((await app.PageAsync()).Id, "VIP", new HashSet<string>(), DateTimeOffset.UtcNow);
            db.Add(audience);
            await db.SaveChangesAsync();
            return audience;
        });
}
