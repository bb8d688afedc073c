using StatusPage.Domain;
using StatusPage.Domain.Runbooks;

namespace StatusPage.Tests.Runbooks;

public sealed class RunbookTextTests
{
    /// <summary>The runbook of the incident management guide.</summary>
    internal const string Guide = """
        # Database Connection Errors Runbook
        ## Symptoms
        - 5xx errors on API
        - Database connection pool exhausted
        ## Diagnosis
        1. Check database CPU: `SHOW PROCESSLIST`
        2. Check connections: `SELECT count(*) FROM pg_stat_activity`
        ## Resolution
        1. Kill long-running queries
        2. Scale up database
        3. Restart app pods if needed
        ## Prevention
        - Add connection pool limits
        - Set query timeouts
        - Add monitoring alerts
        """;

    private static List<string> Steps(string markdown) => [.. RunbookText.Read(markdown).Steps.Select(step => step.Markdown)];

    [Fact]
    public void The_guides_runbook_has_four_parts_and_five_boxes()
    {
        var text = RunbookText.Read(Guide);
        Assert.Equal("Database Connection Errors Runbook", text.Title);
        Assert.Equal(["Symptoms", "Diagnosis", "Resolution", "Prevention"], text.Parts.Select(part => part.Heading));
        Assert.Equal(
            [
                "Check database CPU: `SHOW PROCESSLIST`",
                "Check connections: `SELECT count(*) FROM pg_stat_activity`",
                "Kill long-running queries",
                "Scale up database",
                "Restart app pods if needed",
            ],
            text.Steps.Select(step => step.Markdown)
        );
        Assert.Equal("- 5xx errors on API\n- Database connection pool exhausted", Assert.Single(text.Parts[0].Blocks).Markdown);
    }

    [Fact]
    public void A_step_keeps_its_key_as_long_as_its_words_stay_and_equal_steps_have_two()
    {
        var before = RunbookText.Read(Guide).Steps.ToList();
        var after = RunbookText.Read(Guide.Replace("1. Kill", "1. Breathe\n1. Kill", StringComparison.Ordinal)).Steps.ToList();
        Assert.Equal(before[2].Key, after[3].Key);
        Assert.Equal(RunbookStep.KeyLength, before[0].Key.Length);
        var twice = RunbookText.Read("# A\n## Diagnosis\n- look\n- look").Steps.ToList();
        Assert.Equal(2, twice.DistinctBy(step => step.Key).Count());
    }

    [Fact]
    public void A_step_holds_what_is_indented_below_it_and_no_more()
    {
        const string markdown = """
            # A

            ## Resolution:

            Before all.

            - [ ] Stop it:

              ```sh
              # not a heading
              - not a step
              kill 1
              ```

              - an inner list
            - [x] Start it
            over two lines

            After all.

            ### Only then

            * Tell

            ## Notes
            - no step
            """;
        Assert.Equal(
            ["Stop it:\n\n```sh\n# not a heading\n- not a step\nkill 1\n```\n\n- an inner list", "Start it\nover two lines", "Tell"],
            Steps(markdown)
        );
        var blocks = RunbookText.Read(markdown).Parts[0].Blocks;
        Assert.Equal(["Before all.", "After all.\n\n### Only then"], blocks.Where(block => block.Step is null).Select(block => block.Markdown));
    }

    [Theory]
    [InlineData("## Diagnosis\n- - -\ntext")]
    [InlineData("## Diagnosis\n-\n1.\n1) \n12345678901. long\n-text")]
    [InlineData("## Diagnosis\n```\n- in code that never ends\n# either")]
    [InlineData("## Prevention\n- a")]
    [InlineData("- before any heading")]
    public void What_is_no_list_has_no_boxes(string markdown) => Assert.Empty(Steps(markdown));

    [Fact]
    public void What_stands_in_it_is_never_lost()
    {
        var letters = new[] { "# ", "## Diagnosis", "\n", "\n", "- x", "1. y", "  z", "```", " ", "    w", "[ ] v" };
        var random = new Random(20261124);
        for (var i = 0; i < 2_000; i++)
        {
            var markdown = string.Concat(Enumerable.Range(0, 30).Select(_ => letters[random.Next(letters.Length)]));
            var text = RunbookText.Read(markdown);
            var kept = text.Title + string.Concat(text.Parts.Select(part => part.Heading + string.Concat(part.Blocks.Select(block => block.Markdown))));
            foreach (var letter in "xyzwv")
                Assert.True(markdown.Count(c => c == letter) == kept.Count(c => c == letter), markdown);
        }
    }

    [Fact]
    public void A_hundred_steps_are_enough()
    {
        var markdown = "# A\n## Diagnosis\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"- {i}\n"));
        var text = RunbookText.Read(markdown);
        Assert.Equal(RunbookText.MostSteps, text.Steps.Count());
        Assert.EndsWith("- 19999", text.Parts[0].Blocks[^1].Markdown, StringComparison.Ordinal);
    }
}

public sealed class RunbookRuleTests
{
    private static Runbook New(string body = RunbookTextTests.Guide)
    {
        var runbook = Runbook.Create(An.PageId, An.Instant);
        runbook.Write(body, "ann", An.Instant);
        return runbook;
    }

    [Fact]
    public void Each_new_text_is_a_revision_and_the_same_text_is_none()
    {
        var runbook = New();
        Assert.Null(runbook.Write(RunbookTextTests.Guide + "\n", "ben", An.Instant.AddDays(1)));
        var second = runbook.Write("# Database connections\nCall Ben.", "ben", An.Instant.AddDays(1))!;
        Assert.Equal((2, "Database connections", "ben"), (second.Number, second.Title, second.Author));
        Assert.Equal(("Database connections", "DATABASE CONNECTIONS", "ben"), (runbook.Title, runbook.Name, runbook.ReviewedBy));
    }

    [Theory]
    [InlineData("", "Enter the runbook.")]
    [InlineData("Call Ben.", "It has no title.")]
    [InlineData("## Diagnosis\n1. Look", "It has no title.")]
    [InlineData("# a\0b", "The runbook holds a character that cannot be shown.")]
    public void A_text_without_a_title_is_refused_and_changes_nothing(string body, string message)
    {
        var runbook = New();
        Assert.StartsWith(message, Assert.Throws<RuleViolation>(() => runbook.Write(body, "ben", An.Instant)).Message, StringComparison.Ordinal);
        Assert.Equal((1, RunbookTextTests.Guide), (runbook.Revision, runbook.Body));
    }

    [Fact]
    public void It_needs_review_after_its_months_and_after_it_was_used()
    {
        var runbook = New();
        Assert.Null(runbook.ReviewReason(An.Instant.AddMonths(6).AddTicks(-1), null));
        Assert.Equal("Nobody has reviewed it for 6 months.", $"{runbook.ReviewReason(An.Instant.AddMonths(6), null)}");
        runbook.Attach([], [], 1, An.Instant);
        Assert.Equal("Nobody has reviewed it for a month.", $"{runbook.ReviewReason(An.Instant.AddMonths(1), null)}");
        Assert.Contains("Was it right?", $"{runbook.ReviewReason(An.Instant.AddDays(2), An.Instant.AddDays(1))}", StringComparison.Ordinal);
        runbook.Review("ben", An.Instant.AddDays(3));
        Assert.Null(runbook.ReviewReason(An.Instant.AddDays(4), An.Instant.AddDays(1)));
        runbook.Archive(An.Instant);
        Assert.Null(runbook.ReviewReason(An.Instant.AddYears(1), null));
        Assert.Throws<RuleViolation>(() => runbook.Attach([], [], 0, An.Instant));
        Assert.Throws<RuleViolation>(() => runbook.Attach([], [], 37, An.Instant));
    }
}
