using CsCheck;

namespace StatusPage.Tests.Shared;

/// <summary>Bodies that people paste or invent: nested, repeated and unclosed, with every mark that Markdown knows.</summary>
internal static class HostileBodies
{
    private const int Longest = 25_000;

    public static readonly string[] Marks =
    [
        ">",
        "> ",
        "[",
        "![",
        "](",
        "]",
        "[]",
        "[](a)",
        "*",
        "**",
        "***",
        "_",
        "__",
        "`",
        "``",
        "~",
        "~~",
        "^",
        "++",
        "==",
        "|",
        "-",
        "- ",
        "* ",
        "+ ",
        "1. ",
        "7) ",
        "#",
        "# ",
        "\\",
        "\n",
        "\n\n",
        "  \n",
        "---\n",
        "===\n",
        "```\n",
        "~~~\n",
        "    ",
        "\t",
        "<",
        "<b>",
        "</b>",
        "<i title=x>",
        "<div>",
        "<a href=\"https://a.example\">",
        "<table>",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        "<p ",
        "&",
        "&amp;",
        "&#x41;",
        "http://a.b ",
        "www.a.b ",
        "<http://a.b>",
        "a@b.example ",
        "[a]",
        "[a][b]",
        "[a]: b\n",
        "[^a]",
        "[31mERROR[0m ",
        "\"",
        "'",
        "(",
        ")",
        "a",
        "word ",
        "é",
        "👍",
        "|-|\n",
        "|a|b|\n",
    ];

    /// <summary>A few marks in turn, repeated.</summary>
    private static readonly Gen<string> Repeated = Gen.OneOf(Marks)
        .Array[1, 4]
        .SelectMany(marks =>
            Gen.Int[1, Longest / Math.Max(1, marks.Sum(mark => mark.Length))]
                .Select(times => string.Concat(Enumerable.Repeat(string.Concat(marks), times)))
        );

    /// <summary>One run of a mark in front of words, then lines behind it.</summary>
    private static readonly Gen<string> Nested = Gen.Select(
        Gen.OneOf(Marks),
        Gen.Int[1, 2_000],
        Gen.OneOf("a\n", "\n", "\n\n", "> a\n", "  - a\n", "b\n\n"),
        Gen.Int[0, 2_000],
        (mark, deep, line, lines) => string.Concat(Enumerable.Repeat(mark, deep)) + "a\n" + string.Concat(Enumerable.Repeat(line, lines))
    );

    private static readonly Gen<string> Stairs = Gen.Select(
        Gen.OneOf("- a", "1. a", "> a", "+ [a]"),
        Gen.Int[1, 6],
        Gen.Int[1, 150],
        (line, step, steps) => string.Join('\n', Enumerable.Range(0, steps).Select(i => new string(' ', step * i) + line))
    );

    private static readonly Gen<string> References = Gen.Select(
        Gen.Int[1, 15_000],
        Gen.Int[1, 5_000],
        Gen.Bool,
        (length, uses, title) =>
            $"[a]: https://a.example/{new string('z', length)}{(title ? $" \"{new string('t', length / 2)}\"" : "")}\n\n"
            + string.Concat(Enumerable.Repeat("[a] ", uses))
    );

    private static readonly Gen<string> Tables = Gen.Select(
        Gen.Int[1, 4_000],
        Gen.Int[1, 4_000],
        Gen.OneOf("|", "|a", "a|b", "|[a](b)|", "| *a* |"),
        (wide, tall, row) =>
            $"|{string.Concat(Enumerable.Repeat("a|", wide))}\n|{string.Concat(Enumerable.Repeat("-|", wide))}\n"
            + string.Concat(Enumerable.Repeat(row + "\n", tall))
    );

    private static readonly Gen<string> Html = Gen.Select(
        Gen.OneOf("b", "i", "a", "div", "p", "table", "svg", "h1", "font"),
        Gen.Int[1, 3_000],
        Gen.OneOf("<p>", "a\n\n", "x", "<div>"),
        Gen.Int[0, 3_000],
        (name, opened, then, times) =>
            string.Concat(Enumerable.Range(0, opened).Select(i => $"<{name} t{i % 7}=\"{i}\">")) + string.Concat(Enumerable.Repeat(then, times))
    );

    private static readonly Gen<string> Logs = Gen.Select(
        Gen.Int[1, 700],
        Gen.OneOf(
            "[31mERROR[0m",
            "[2026-11-28T03:12:00Z] ERROR [worker-3]",
            "java.lang.Foo$1.<init>(Foo.java:12)",
            ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> step"
        ),
        (lines, mark) => string.Join('\n', Enumerable.Range(0, lines).Select(i => $"{mark} line {i} of *many* | a_b_c"))
    );

    private static readonly Gen<string> Noise = Gen.OneOf(Marks).Array[1, 4_000].Select(marks => string.Concat(marks));

    public static readonly Gen<string> Any = Gen.OneOf(Repeated, Nested, Stairs, References, Tables, Html, Logs, Noise)
        .Select(body => body.Length > Longest ? Cut(body) : body);

    /// <summary>Bodies that once stopped a page.</summary>
    public static readonly string[] Known =
    [
        new string('>', 128) + " deep",
        string.Concat(Enumerable.Repeat("> ", 128)) + "deep",
        new string('[', 128) + "a",
        string.Concat(Enumerable.Repeat("- ", 64)) + "a",
        string.Join('\n', Enumerable.Range(0, 64).Select(i => new string(' ', 2 * i) + "- a")),
        string.Join('\n', Enumerable.Range(0, 64).Select(i => $"[31mERROR[0m line {i}: something failed")),
    ];

    private static string Cut(string body) => body[..(char.IsHighSurrogate(body[Longest - 1]) ? Longest - 1 : Longest)];
}
