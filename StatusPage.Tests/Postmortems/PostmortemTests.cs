using StatusPage.Domain;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Postmortems;
using StatusPage.Web.Postmortems;
using StatusPage.Web.Shared;

namespace StatusPage.Tests.Postmortems;

/// <summary>The rules of a postmortem, and its words.</summary>
public sealed class PostmortemTests
{
    private const string Ann = "ann@acme.example";
    private const string Bob = "bob@acme.example";

    private static readonly DateTimeOffset Ten = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    private static PostmortemContent Content(string rootCause = "A bad index.", params PostmortemSection[] more) =>
        new(null, null, [new(PostmortemKind.RootCause, "Root Cause", rootCause), .. more], []);

    private static Postmortem Begun(PostmortemContent? content = null) => Postmortem.Begin(An.Incident().Resolved(), content ?? Content(), Ann, Ten);

    /// <summary>The template of the incident management guide, word for word.</summary>
    private static readonly string[] Guide =
    [
        "# Incident Post-Mortem",
        "## Summary",
        "Brief overview of the incident.",
        "## Impact",
        "- Users affected: 10,000",
        "- Duration: 45 minutes",
        "- Revenue impact: $X",
        "## Root Cause",
        "Detailed explanation.",
        "## Timeline",
        "- 10:00 Alert triggered",
        "- 10:15 Incident declared",
        "- 10:30 Root cause identified",
        "- 10:45 Fix deployed",
        "## Action Items",
        "- [ ] Add alert for X (Owner: Alice, Due: Jan 15)",
        "- [ ] Improve database monitoring (Owner: Bob, Due: Jan 20)",
        "- [ ] Update runbook (Owner: Charlie, Due: Jan 10)",
    ];

    [Fact]
    public void Filled_in_it_reads_as_the_guides_template()
    {
        var incident = An.Incident(at: Ten, draft: An.Update()).Resolved(Ten.AddMinutes(45));
        ActionItem Item(string title, string owner, int day) =>
            ActionItem.Create(incident, Ten).Write(title, owner, new DateOnly(2026, 1, day), ActionItemPriority.Normal, null, Ten);
        TimelineEntry Moment(int minutes, string text, bool isIn = true) => new($"h:{minutes}", Ten.AddMinutes(minutes), text, TimelineSource.Hand, isIn);
        var postmortem = Postmortem.Begin(
            incident,
            new(
                10_000,
                "$X",
                [
                    new(PostmortemKind.Summary, "Summary", "Brief overview of the incident."),
                    new(PostmortemKind.Impact, "Impact", ""),
                    new(PostmortemKind.RootCause, "Root Cause", "Detailed explanation."),
                    new(PostmortemKind.Timeline, "Timeline", ""),
                    new(PostmortemKind.ActionItems, "Action Items", ""),
                ],
                [
                    Moment(45, "Fix deployed"),
                    Moment(0, "Alert triggered"),
                    Moment(15, "Incident declared"),
                    Moment(20, "Ann had coffee", isIn: false),
                    Moment(30, "Root cause identified"),
                ]
            ),
            Ann,
            Ten
        );
        IReadOnlyList<ActionItem> items =
        [
            Item("Add alert for X", "Alice", 15),
            Item("Improve database monitoring", "Bob", 20),
            Item("Update runbook", "Charlie", 10),
        ];
        var whole = PostmortemDocuments.MarkdownOf(postmortem, incident, items, ZoneClock.For("Etc/UTC", Ten)).Whole();
        Assert.Equal(Guide, whole.Split('\n').Where(line => line.Length > 0));
    }

    [Fact]
    public void The_default_template_has_the_guides_sections_and_two_more()
    {
        var sections = PostmortemTemplate.Parse(PostmortemTemplate.Default);
        Assert.Equal(
            ["Summary", "Impact", "Root Cause", "Contributing Factors", "Timeline", "What Went Well", "Action Items"],
            sections.Select(section => section.Heading)
        );
        Assert.DoesNotContain(sections, section => section.Kind == PostmortemKind.Other);
        Assert.Equal(("Brief overview of the incident.", ""), (sections[0].Prompt, sections[0].Body));
    }

    [Fact]
    public void A_template_of_ones_own_keeps_its_words_and_its_prompts_apart()
    {
        var sections = PostmortemTemplate.Parse(
            "Before\n## Five whys\n1. Why?\n<!-- Go on\nuntil it is a system. -->\n```\n## no heading\n```\n## Customer impact\n## Impact again\n"
        );
        Assert.Equal(
            [
                new(PostmortemKind.Other, "Five whys", "Go on\nuntil it is a system.", "1. Why?\n\n```\n## no heading\n```"),
                new(PostmortemKind.Impact, "Customer impact", null, ""),
                new TemplateSection(PostmortemKind.Other, "Impact again", null, ""),
            ],
            sections
        );
        var template = PostmortemTemplate.Of(An.PageId);
        Assert.Throws<RuleViolation>(() => template.Write("No heading at all", Ten));
        Assert.Throws<RuleViolation>(() => template.Write("## Same\n## same", Ten));
        Assert.Throws<RuleViolation>(() => template.Write(string.Concat(Enumerable.Range(0, 21).Select(at => $"## {at}\n")), Ten));
    }

    [Fact]
    public void A_review_ends_when_everybody_approves_and_starts_anew_with_other_words()
    {
        var postmortem = Begun();
        Assert.Equal((PostmortemState.Draft, 1), (postmortem.State, postmortem.Revision));
        postmortem.AskForReview([Bob, "carl@acme.example"]);
        Assert.Throws<RuleViolation>(() => postmortem.Answer(Ann, true, null, [], Ten));
        Assert.Throws<RuleViolation>(() => postmortem.Answer(Bob, false, " ", [], Ten));
        Assert.Throws<RuleViolation>(postmortem.Publish);
        postmortem.Answer(Bob, false, "Say why.", [], Ten);
        postmortem.Answer("carl@acme.example", true, null, [], Ten);
        Assert.Equal(PostmortemState.InReview, postmortem.State);
        postmortem.Answer(Bob, true, null, [], Ten);
        Assert.Equal(PostmortemState.Approved, postmortem.State);
        Assert.False(postmortem.Write(Content(), Bob, Ten));
        Assert.Equal(PostmortemState.Approved, postmortem.State);
        Assert.True(postmortem.Write(Content("Another cause."), Ann, Ten));
        Assert.Equal((PostmortemState.InReview, 2), (postmortem.State, postmortem.Revision));
        Assert.All(postmortem.Reviews, review => Assert.Null(review.Approves));
    }

    [Fact]
    public void Its_writer_alone_is_not_two_pairs_of_eyes()
    {
        var postmortem = Begun();
        Assert.False(IncidentRules.ApprovalOfPostmortem(postmortem, Ann).IsGiven);
        Assert.True(IncidentRules.ApprovalOfPostmortem(postmortem, Bob).IsGiven);
        postmortem.AskForReview([Bob]);
        postmortem.Answer(Bob, true, null, [], Ten);
        Assert.True(IncidentRules.ApprovalOfPostmortem(postmortem, Ann).IsGiven);
        postmortem.Write(Content("Another cause."), Bob, Ten);
        Assert.False(IncidentRules.ApprovalOfPostmortem(postmortem, Bob).IsGiven);
        Assert.False(IncidentRules.ApprovalOfPostmortem(postmortem, Ann).IsGiven);
    }

    [Fact]
    public void The_public_gets_the_chosen_blocks_alone_and_no_others_after_a_change()
    {
        var incident = An.Incident().Resolved();
        var postmortem = Begun(
            Content(
                "A bad index.\n\nKnown to Vesuvius.\n\n```\n\nlog\n```\n\n- one\n\n  more of one",
                new PostmortemSection(PostmortemKind.ActionItems, "Action Items", "")
            )
        );
        ActionItem[] items = [ActionItem.Create(incident, Ten).Write("Add an <alert>", "Alice", null, ActionItemPriority.Normal, null, Ten)];
        PostmortemMarkdown Markdown() => PostmortemDocuments.MarkdownOf(postmortem, incident, items, ZoneClock.For("Etc/UTC", Ten));
        Assert.Equal("", Markdown().Public());
        var blocks = Markdown().Blocks();
        Assert.Equal(
            ["A bad index.", "Known to Vesuvius.", "```\n\nlog\n```", "- one\n\n  more of one", "- Add an \\<alert>"],
            blocks.Select(block => block.Markdown)
        );
        postmortem.Choose([blocks[0].Key, blocks[2].Key, blocks[4].Key], Markdown().ItemBlocks());
        Assert.Equal("## Root Cause\n\nA bad index.\n\n```\n\nlog\n```\n\n## Action Items\n\n- Add an \\<alert>", Markdown().Public());
        postmortem.Write(Content("A bad index on Vesuvius."), Ann, Ten);
        Assert.Equal("", Markdown().Public());
    }

    /// <summary>Action items are part of what the public reads, and nobody saw the one that came after the approval.</summary>
    [Fact]
    public void An_action_item_that_a_reviewer_did_not_see_asks_for_another_look()
    {
        var incident = An.Incident().Resolved();
        var postmortem = Begun(Content(more: new PostmortemSection(PostmortemKind.ActionItems, "Action Items", "")));
        var seen = ActionItem.Create(incident, Ten).Write("Add an alert", "Alice", null, ActionItemPriority.Normal, null, Ten);
        List<ActionItem> items = [seen];
        IReadOnlyList<PostmortemBlock> Blocks() => PostmortemDocuments.MarkdownOf(postmortem, incident, items, ZoneClock.For("Etc/UTC", Ten)).ItemBlocks();
        postmortem.AskForReview([Bob]);
        postmortem.Answer(Bob, true, null, Blocks(), Ten);
        postmortem.Choose([Blocks()[0].Key], Blocks());
        Assert.Equal(PostmortemState.Approved, postmortem.State);
        Assert.True(IncidentRules.ApprovalOfPostmortem(postmortem, Ann).IsGiven);

        // One that nobody ticks is not public.
        items.Add(ActionItem.Create(incident, Ten).Write("We lost all data", null, null, ActionItemPriority.Normal, null, Ten));
        items[1].TitleBy("carl@acme.example");
        postmortem.Choose([Blocks()[0].Key], Blocks());
        Assert.Equal(PostmortemState.Approved, postmortem.State);
        postmortem.Choose(Blocks().Select(block => block.Key), Blocks());
        Assert.Equal(PostmortemState.InReview, postmortem.State);
        Assert.Throws<RuleViolation>(postmortem.Publish);
        Assert.False(IncidentRules.ApprovalOfPostmortem(postmortem, Ann).IsGiven);
        // Whoever wrote the item is not the second pair of eyes.
        Assert.False(IncidentRules.ApprovalOfPostmortem(postmortem, "carl@acme.example").IsGiven);
        postmortem.Answer(Bob, true, null, Blocks(), Ten);
        postmortem.Publish();
        // Other words of an item after publishing, too.
        seen.Write("Something else", null, null, ActionItemPriority.Normal, null, Ten);
        postmortem.Choose(Blocks().Select(block => block.Key), Blocks());
        Assert.Equal(PostmortemState.Published, postmortem.State);
        Assert.False(IncidentRules.ApprovalOfPostmortem(postmortem, Ann).IsGiven);
    }

    [Theory]
    [InlineData(-4, null)]
    [InlineData(-3, "soon")]
    [InlineData(-1, "soon")]
    [InlineData(0, "due")]
    [InlineData(6, "due")]
    [InlineData(7, "late1")]
    [InlineData(13, "late1")]
    [InlineData(14, "late2")]
    public void An_owner_is_reminded_before_on_the_day_and_each_week_after(int daysLate, string? stage) =>
        Assert.Equal(stage, ActionReminder.StageOn(new DateOnly(2027, 1, 15).AddDays(daysLate), new(2027, 1, 15)));

    [Fact]
    public void Findings_that_return_come_first_whatever_their_case()
    {
        var (first, second) = (An.Incident(), An.Incident());
        ActionItem Item(Incident incident, string? finding, int minute) =>
            ActionItem.Create(incident, Ten.AddMinutes(minute)).Write("Do it", null, null, ActionItemPriority.Normal, finding, Ten.AddMinutes(minute));
        var done = Item(second, "MISSING ALERT", 3);
        done.MoveTo(ActionItemState.Done, Ten.AddMinutes(9));
        var findings = Finding.Of([Item(first, "Slow detection", 1), Item(first, "Missing alert", 2), done, Item(first, null, 4)]);
        Assert.Equal([("MISSING ALERT", 2, 1, 1), ("Slow detection", 1, 1, 0)], findings.Select(one => (one.Name, one.Incidents, one.Open, one.Done)));
    }
}
