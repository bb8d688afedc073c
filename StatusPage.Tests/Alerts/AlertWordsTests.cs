using System.Net;
using System.Text.RegularExpressions;
using CsCheck;
using StatusPage.Domain.Drafts;
using StatusPage.Web.Alerts;
using StatusPage.Web.Shared;

namespace StatusPage.Tests.Alerts;

/// <summary>What comes from an alert is text, in everything that is made of it.</summary>
public sealed partial class AlertWordsTests
{
    private static readonly Gen<string> Texts = Gen.OneOf(
            "a",
            "B",
            "5",
            "12",
            " ",
            "\n",
            "\n\n",
            "    ",
            "\t",
            "-",
            "+",
            "++",
            "=",
            "==",
            "^",
            "~",
            "~~",
            "*",
            "**",
            "_",
            "__",
            "`",
            "```",
            "#",
            ">",
            "<",
            "<b>",
            "</b>",
            "<!--",
            "&",
            "&amp;",
            "|",
            "|-|-|",
            "---",
            "[",
            "](x)",
            "]: x",
            "!",
            "\\",
            "\\\n",
            "{",
            "{{",
            "}}",
            "{{name}}",
            ".",
            ")",
            "1.",
            "2)",
            ":",
            "::",
            "//",
            "https://evil.example",
            "HTTP://evil.example",
            "ftp://e.example",
            "mailto:a@b.example",
            "tel:+49",
            "www.evil.example",
            "WWW.evil.example",
            "http",
            "www",
            "://x",
            "a@b.example",
            "$",
            "$$",
            "\"",
            "'",
            "🔥",
            "é",
            "\u00a0",
            "<https://evil.example>",
            ":smile:",
            "[^1]"
        )
        .Array[0, 12]
        .Select(parts => string.Concat(parts));

    private static string Normal(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    [Fact]
    public void Every_text_is_shown_as_it_was_sent() =>
        Texts.Sample(
            text =>
            {
                var plain = AlertWords.Plain(text);
                var html = Markdown.ToHtml(plain);
                Assert.DoesNotMatch(Elements(), html);
                Assert.Equal(Normal(text), Normal(WebUtility.HtmlDecode(Ours().Replace(html, "\n"))));
                Assert.Equal(Normal(text), Normal(Markdown.ToText(plain)));
                Assert.Null(Template.Unfilled(plain));
            },
            iter: 20_000
        );

    [Fact]
    public void Two_texts_in_a_row_are_no_more_than_each() =>
        Gen.Select(Texts, Texts)
            .Sample(
                (one, other) =>
                {
                    var plain = AlertWords.Plain(one) + AlertWords.Plain(other);
                    Assert.DoesNotMatch(Elements(), Markdown.ToHtml(plain));
                    Assert.Null(Template.Unfilled(plain));
                },
                iter: 20_000
            );

    [Theory]
    [InlineData("x^2^ and ++new++", "x\\^2\\^ and \\+\\+new\\+\\+")]
    [InlineData("see https://a.example or www.a.example", "see https\\://a.example or www\\.a.example")]
    [InlineData("a+b at 2026-11-30 10:15, 5% of db_1", "a+b at 2026-11-30 10:15, 5% of db_1")]
    [InlineData("15 requests", "15 requests")]
    public void What_can_do_nothing_stays_readable(string text, string plain) => Assert.Equal(plain, AlertWords.Plain(text));

    [Fact]
    public void Braces_in_a_text_that_is_no_markdown_are_no_variable() =>
        Gen.OneOf("{", "{{", "}}", "name", " ")
            .Array[0, 8]
            .Select(parts => string.Concat(parts))
            .Sample(text => Assert.Null(Template.Unfilled(AlertWords.Parted(text))));

    [GeneratedRegex("<(?!/?p>|br>)")]
    private static partial Regex Elements();

    [GeneratedRegex("</?p>|<br>")]
    private static partial Regex Ours();
}
