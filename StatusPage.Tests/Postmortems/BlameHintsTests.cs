using StatusPage.Domain.Postmortems;

namespace StatusPage.Tests.Postmortems;

public sealed class BlameHintsTests
{
    private static readonly string[] People =
    [
        "alice.cole@acme.example",
        "bob@acme.example",
        "Charlie Root",
        "api@acme.example",
        "database-team@acme.example",
    ];

    [Theory]
    [InlineData("Alice forgot to run the migration.", "Alice forgot")]
    [InlineData("On Monday Bob, who was on call, forgot the flag", "Bob, who was on call, forgot")]
    [InlineData("ALICE had accidentally broken the build", "ALICE had accidentally broken")]
    [InlineData("Cole failed to check the replica.", "Cole failed to")]
    [InlineData("The outage was caused by Bob.", "caused by Bob")]
    [InlineData("This was Charlie’s mistake.", "Charlie’s mistake")]
    [InlineData("The engineer failed to notice it.", "engineer failed to")]
    [InlineData("Somebody didn't check the disk.", "Somebody didn't check")]
    [InlineData("Bob ran it in production by mistake.", "Bob ran it in production by mistake")]
    [InlineData("We should have tested this.", "should have")]
    [InlineData("That shouldn’t have been merged.", "shouldn’t have")]
    [InlineData("The cause was human error.", "human error")]
    [InlineData("A careless change took the site down.", "careless")]
    [InlineData("I messed up the rollback.", "I messed up")]
    public void A_sentence_that_blames_is_met_with_a_question(string sentence, string words)
    {
        var hint = Assert.Single(BlameHints.Find($"All was well before. {sentence}\nAll is well again.", People));
        Assert.Equal((sentence, words), (hint.Sentence, hint.Sentence.Substring(hint.Start, hint.Length)));
        Assert.EndsWith("?", hint.Question, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("The database failed to respond.")]
    [InlineData("The API failed to start because the certificate had expired.")]
    [InlineData("A deploy broke the login.")]
    [InlineData("The failover was caused by a full disk.")]
    [InlineData("Alice found that the database failed to respond.")]
    [InlineData("Bob rolled the release back and requests succeeded again.")]
    [InlineData("The alert missed the first ten minutes.")]
    [InlineData("We have learned that retries overload the queue.")]
    [InlineData("The cache should expire after an hour.")]
    [InlineData("Error rates rose to 15%; the error budget is spent.")]
    [InlineData("It’s Bob’s runbook that helped most.")]
    [InlineData("Page faults rose, and the process was killed.")]
    public void An_ordinary_sentence_is_left_alone(string sentence) => Assert.Empty(BlameHints.Find(sentence, People));

    [Fact]
    public void Hostile_text_is_read_in_no_time_and_breaks_nothing()
    {
        Assert.Empty(BlameHints.Find(null, People));
        Assert.Empty(BlameHints.Find("\uD800 ' ’ ... !?! \u202E", ["", "@", "'", "a.b@c"]));
        Assert.Equal(20, BlameHints.Find(string.Concat(Enumerable.Repeat("Alice forgot. ", 5_000)), People).Count);
        Assert.InRange(BlameHints.Find(string.Concat(Enumerable.Repeat("should have ", 20_000)), People).Count, 1, 20);
    }
}
