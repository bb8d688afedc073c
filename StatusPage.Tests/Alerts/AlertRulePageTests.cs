using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Incidents;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Alerts;

/// <summary>The form of a rule: what is gone is named, and nothing becomes wider by being saved.</summary>
public sealed class AlertRulePageTests : DeskTests
{
    private Task<AlertRule> RuleAsync() => App.InStoreAsync(db => db.AlertRules.AsNoTracking().SingleAsync());

    [Fact]
    public async Task A_rule_for_a_group_that_was_closed_stays_for_that_group_until_somebody_chooses_anew()
    {
        var group = await App.InStoreAsync(async db =>
        {
            var audience = Audience.Create((await App.PageAsync()).Id, "VIP", new HashSet<string>(), DateTimeOffset.UtcNow);
            db.Add(audience);
            await db.SaveChangesAsync();
            return audience;
        });
        var rule = await App.AlertRuleAsync(rule => rule.Say([], null, null, group.Id, false));
        await App.InStoreAsync(async db =>
        {
            (await db.Audiences.SingleAsync()).Close(DateTimeOffset.UtcNow);
            return await db.SaveChangesAsync();
        });
        var refused = await Owner.FillInAsync($"/admin/alerts/rules/{rule.Id}", new { Name = "Renamed" }, "form.narrow");
        Assert.Contains("'VIP' is closed", refused.ErrorFor("AudienceId"), StringComparison.Ordinal);
        Assert.Equal(("Rule", group.Id), ((await RuleAsync()).Name, (await RuleAsync()).AudienceId));
        await Owner.FillInAsync($"/admin/alerts/rules/{rule.Id}", new { Name = "Renamed", AudienceId = "" }, "form.narrow");
        Assert.Equal(("Renamed", null), ((await RuleAsync()).Name, (await RuleAsync()).AudienceId));
    }

    [Fact]
    public async Task A_rule_for_a_source_a_template_or_a_component_that_is_gone_stays_as_it_is()
    {
        var caller = await App.AlertSourceAsync();
        var component = await App.ComponentAsync("API");
        var template = TemplateId.New();
        var rule = await App.AlertRuleAsync(rule =>
            rule.Write("Rule", true, caller.Source.Id, [], DateTimeOffset.UtcNow).Say([new(component.Id, null)], Severity.Sev1, template, null, false)
        );
        await App.InStoreAsync(async db =>
        {
            await db.AlertSources.ExecuteDeleteAsync();
            (await db.Components.SingleAsync()).Archive(DateTimeOffset.UtcNow);
            return await db.SaveChangesAsync();
        });
        var at = $"/admin/alerts/rules/{rule.Id}";
        Assert.Contains("is removed", (await Owner.FillInAsync(at, new { }, "form.narrow")).ErrorFor("SourceId"), StringComparison.Ordinal);
        Assert.Contains(
            "is removed",
            (await Owner.FillInAsync(at, new { SourceId = "" }, "form.narrow")).ErrorFor("TemplateId"),
            StringComparison.Ordinal
        );
        var archived = await Owner.FillInAsync(at, new { SourceId = "", TemplateId = "" }, "form.narrow");
        Assert.Contains("'API' is archived", archived.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal((caller.Source.Id, template), ((await RuleAsync()).SourceId!.Value, (await RuleAsync()).TemplateId!.Value));
        await Owner.FillInAsync(
            at,
            new Dictionary<string, object?>
            {
                ["SourceId"] = "",
                ["TemplateId"] = "",
                [$"Components[{component.Id}]"] = "",
            },
            "form.narrow"
        );
        Assert.Null((await RuleAsync()).SourceId);
    }

    [Theory]
    [InlineData("SourceId", "abcdefghijkl")]
    [InlineData("TemplateId", "nonsense")]
    [InlineData("AudienceId", "abcdefghijkl")]
    [InlineData("Severity", "SEV9")]
    public async Task What_was_never_there_is_an_error_and_saves_nothing(string field, string value)
    {
        var page = await Owner.FillInAsync(
            "/admin/alerts/rules/new",
            new Dictionary<string, object?> { ["Name"] = "New", [field] = value },
            "form.narrow"
        );
        Assert.Contains($"'{value}'", page.ErrorFor(field), StringComparison.Ordinal);
        Assert.Empty(await App.InStoreAsync(db => db.AlertRules.ToListAsync()));
    }

    [Fact]
    public async Task A_rule_that_is_added_after_one_was_removed_comes_last()
    {
        foreach (var name in new[] { "One", "Two", "Three" })
            await Owner.FillInAsync("/admin/alerts/rules/new", new { Name = name }, "form.narrow");
        var second = await App.InStoreAsync(db => db.AlertRules.SingleAsync(row => row.Name == "Two"));
        await Owner.FillInAsync($"/admin/alerts/rules/{second.Id}", new { }, "form[action*='handler=Remove']");
        await Owner.FillInAsync("/admin/alerts/rules/new", new { Name = "Four" }, "form.narrow");
        var rules = await App.InStoreAsync(db => db.AlertRules.OrderBy(row => row.Position).ToListAsync());
        Assert.Equal(["One", "Three", "Four"], rules.Select(row => row.Name));
        Assert.Equal(3, rules.Select(row => row.Position).Distinct().Count());
    }

    [Theory]
    [InlineData("[", "a bracket [ is opened and not closed")]
    [InlineData("(", "a parenthesis ( is opened and not closed")]
    [InlineData("*", "something must stand before")]
    public void An_expression_that_cannot_be_read_says_what_is_wrong(string value, string says)
    {
        var message = Assert.Throws<RuleViolation>(() => AlertCondition.Of("title", AlertTest.Matches, value)).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.DoesNotContain("Look-around", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expression_that_looks_around_says_that_it_is_not_allowed() =>
        Assert.Contains(
            "Look-around",
            Assert.Throws<RuleViolation>(() => AlertCondition.Of("title", AlertTest.Matches, "a(?=b)")).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Of_two_rules_in_one_place_one_is_always_first()
    {
        var rules = Enumerable.Range(0, 5).Select(_ => AlertRule.Create(An.PageId, 1, An.Instant)).ToList();
        var order = AlertRule.InOrder(rules).ToList();
        rules.Reverse();
        Assert.Equal(order, AlertRule.InOrder(rules));
    }
}
