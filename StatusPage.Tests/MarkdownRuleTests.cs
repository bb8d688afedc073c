using CsCheck;
using StatusPage.Domain;
using StatusPage.Tests.Shared;

namespace StatusPage.Tests;

/// <summary>Texts that are refused as they arrive, and odd-looking texts that are accepted.</summary>
public sealed class MarkdownRuleTests
{
    private static string Taken(string body) => MarkdownRule.Block(body, "Body", "what happened", 25_000);

    private static string Refused(string body) => Assert.Throws<RuleViolation>(() => Taken(body)).Message;

    [Fact]
    public void A_quote_within_too_many_quotes_is_refused_with_its_line() =>
        Assert.Equal(
            "Line 2 stands in 40 quotes or lists, one within the other; 16 can be shown. Take some of its marks away.",
            Refused("Look:\n" + string.Concat(Enumerable.Repeat("> ", 40)) + "deep")
        );

    [Fact]
    public void An_address_that_no_page_can_repeat_so_often_is_refused() =>
        Assert.Contains(
            "can show. Use shorter addresses",
            Refused($"[a]: https://a.example/{new string('z', 10_000)}\n\n{string.Concat(Enumerable.Repeat("[a] ", 3_000))}"),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("[31mERROR[0m something failed")]
    [InlineData(">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> step 3")]
    [InlineData("- - - - - - - - - - - - - - - - - - - - - - - - - - - -")]
    [InlineData("* * * * * * * * * * * * * * * * * * * * * * * * * * * *")]
    [InlineData("| a | b |")]
    [InlineData("[2026-11-28 03:12:00]: [worker-3] [info] https://a.example/x")]
    [InlineData("\tat java.lang.Thread.run(Thread.java:829) [app.jar:?]")]
    public void A_pasted_log_is_taken_as_it_is(string line)
    {
        var log = string.Join('\n', Enumerable.Repeat(line, 200)).Trim();
        Assert.Equal(log, Taken(log));
    }

    [Fact]
    public void The_colours_of_a_terminal_are_taken_out() =>
        Assert.Equal("ERROR something failed", Taken("\u001b[1;31mERROR\u001b[0m something failed\u001b[K"));

    [Fact]
    public void Whatever_is_refused_is_refused_in_words() =>
        HostileBodies.Any.Sample(
            body =>
            {
                try
                {
                    Taken(body);
                }
                catch (RuleViolation violation)
                {
                    Assert.EndsWith(".", violation.Message, StringComparison.Ordinal);
                }
            },
            iter: 300,
            threads: 1
        );
}
