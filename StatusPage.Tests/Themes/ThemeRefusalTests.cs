using StatusPage.Web.Hosting;
using StatusPage.Web.Themes;

namespace StatusPage.Tests.Themes;

/// <summary>A theme with a mistake is refused with the file, the line and the reason.</summary>
public sealed class ThemeRefusalTests
{
    [Theory]
    [InlineData("{\n  \"name\": \"Acme\",,\n}", 2, "invalid")]
    [InlineData("{\n  \"name\": \"Acme\"", 2, "")]
    [InlineData("[]", 1, "a theme is an object in braces")]
    [InlineData("{\n  \"nmae\": \"Acme\"\n}", 2, "'nmae' is no entry of a theme. Known are name, description")]
    [InlineData("{\n  \"name\": \"A\",\n  \"name\": \"B\"\n}", 3, "'name' is there twice")]
    [InlineData("{\n  \"name\": 7\n}", 2, "'name' is a text in quotes")]
    [InlineData("{\n  \"light\": {\n    \"acent\": \"#fff\"\n  }\n}", 3, "'acent' is no colour of 'light'. Known are bg, text")]
    [InlineData("{\n  \"light\": {\n\n    \"accent\": \"purple\"\n  }\n}", 4, "'light.accent' is 'purple'. Write a colour as \"#rgb\" or \"#rrggbb\"")]
    [InlineData("{\n  \"dark\": {\n    \"bg\": 0\n  }\n}", 3, "'dark.bg' is no text")]
    [InlineData("{\n  \"dark\": {\n    \"tint\": \"lots\"\n  }\n}", 3, "'dark.tint' is a share such as \"9%\"")]
    [InlineData("{\n  \"light\": \"#fff\"\n}", 2, "'light' is an object in braces")]
    [InlineData("{\n  \"measures\": {\n    \"size\": \"huge\"\n  }\n}", 3, "'measures.size' is 'huge'. Write a length such as 16px or 1rem")]
    [InlineData("{\n  \"measures\": {\n    \"font\": \"x; } body { display: none\"\n  }\n}", 3, "names of fonts")]
    [InlineData("{\n  \"measures\": {\n    \"leading\": \"1.5em\"\n  }\n}", 3, "a number such as 1.5")]
    [InlineData("{\n  \"email\": {\n    \"light\": {\n      \"tone\": \"#fff\"\n    }\n  }\n}", 4, "'tone' is no colour of 'email.light'")]
    [InlineData("{\n  \"links\": \"https://acme.example\"\n}", 2, "'links' is a list in brackets")]
    [InlineData(
        "{\n  \"links\": [\n    { \"text\": \"Help\",\n      \"url\": \"javascript:alert(1)\" }\n  ]\n}",
        4,
        "'javascript:alert(1)' is no address to lead to"
    )]
    [InlineData("{\n  \"links\": [\n    { \"url\": \"https://acme.example\" }\n  ]\n}", 3, "a link needs a text")]
    [InlineData("{\n  \"links\": [ { \"text\": \"Help\",\n \"url\": \"//evil.example\" } ]\n}", 3, "is no address to lead to")]
    [InlineData("{\n  \"logo\": \"logo.svg\"\n}", 2, "there is no file 'logo.svg' beside theme.json")]
    [InlineData("{\n  \"logo\": \"../../etc/passwd\"\n}", 2, "'logo' names a file beside theme.json")]
    public void A_mistake_in_the_description_is_named(string json, int line, string reason) => Refused("theme.json", json, line, reason);

    [Theory]
    [InlineData("a { color: red; }\n\na { color red; }", 3, "a : is missing behind 'color'")]
    [InlineData("a {\n  color: red;\n", 1, "the block that begins here is not closed")]
    [InlineData("a { color: red; } }", 1, "there is a } too many")]
    [InlineData("\n@import \"other.css\";", 2, "@import loads another file")]
    [InlineData("a {\n background: url(https://evil.example/x.png); }", 2, "leads elsewhere")]
    public void A_mistake_in_the_style_sheet_is_named(string css, int line, string reason) => Refused("theme.css", css, line, reason);

    [Theory]
    [InlineData("header.md", "Welcome\n\n<script>alert(1)</script>", 3, "HTML is not taken here")]
    [InlineData("header.md", "Welcome <b onclick=x>you</b>", 1, "HTML is not taken here")]
    [InlineData("footer.md", "One\n\n![logo](https://acme.example/x.png)", 3, "pictures are not taken here")]
    [InlineData("footer.md", "One\n\n[two](javascript:alert(1))", 3, "is no address to lead to")]
    public void A_mistake_in_markdown_is_named(string file, string markdown, int line, string reason) => Refused(file, markdown, line, reason);

    [Theory]
    [InlineData("email/update.html.liquid", "<p>\n{% if impact %}\n</p>", null, "")]
    [InlineData("email/update.txt.liquid", "One\nTwo {{ title | shout }}", 2, "shout")]
    [InlineData("email/notice.html.liquid", "One\n{% nothing %}", 2, "")]
    [InlineData("email/notice.txt.liquid", "{% for i in (1..9000000) %}x{% endfor %}", null, "The maximum")]
    [InlineData("email/notice.txt.liquid", "{% assign a = 'xx' %}{% for i in (1..60) %}{% assign a = a | append: a %}{% endfor %}", null, "The maximum")]
    [InlineData(
        "email/notice.txt.liquid",
        "{% assign a = 'xx' %}{% for i in (1..60) %}{% capture a %}{{ a }}{{ a }}{% endcapture %}{% endfor %}",
        null,
        "The maximum"
    )]
    [InlineData(
        "email/notice.txt.liquid",
        "{% assign a = 'xxxxxxxxxxxxxxxx' %}{% for i in (1..60) %}{% assign a = a | replace: 'x', a %}{% endfor %}",
        null,
        "The maximum"
    )]
    [InlineData(
        "email/notice.txt.liquid",
        "{% capture a %}{% for i in (1..90000) %}xxxxxxxxxx{% endfor %}{% endcapture %}{% for i in (1..90) %}{{ a }}{% endfor %}",
        null,
        "The maximum"
    )]
    [InlineData("email/notice.txt.liquid", "{% include 'notice.txt' %}", null, "")]
    [InlineData("email/notice.txt.liquid", "{% render '../../../etc/passwd' %}", null, "")]
    public void A_mistake_in_a_mail_is_named(string file, string template, int? line, string reason) => Refused(file, template, line, reason);

    [Theory]
    [InlineData("<html><body>no</body></html>", null, "this is no PNG, JPEG, WebP, ICO or SVG picture")]
    [InlineData("just text", null, "this is no PNG, JPEG, WebP, ICO or SVG picture")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\">\n<script>alert(1)</script></svg>", 2, "<script> is not taken in a picture")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\">\n\n<rect onload=\"alert(1)\"/></svg>", 3, "onload of <rect> runs or loads something")]
    [InlineData(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n"
            + "<use xlink:href=\"https://evil.example/x.svg#a\"/></svg>",
        2,
        "xlink:href of <use>"
    )]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\">\n<style>@import 'https://evil.example';</style></svg>", 2, "styles in a picture load nothing")]
    [InlineData("<!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n<svg xmlns=\"http://www.w3.org/2000/svg\">&x;</svg>", null, "DTD")]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\">\n<rect></svg>", 2, "")]
    public void A_picture_that_is_none_or_acts_is_named(string content, int? line, string reason)
    {
        using var shelf = new ThemeShelf().Write("acme", "theme.json", """{ "logo": "logo.svg" }""").Write("acme", "logo.svg", content);
        Check(shelf, "logo.svg", line, reason);
    }

    [Fact]
    public void A_folder_without_a_description_is_no_theme()
    {
        using var shelf = new ThemeShelf().Write("acme", "theme.css", "a { color: red; }");
        Check(shelf, "theme.json", null, "the file is missing");
    }

    [Fact]
    public void What_is_too_large_is_refused_unread()
    {
        using var shelf = new ThemeShelf().Write("acme", "theme.json", ThemeShelf.Json).Write("acme", "theme.css", new string(' ', 200_000));
        Check(shelf, "theme.css", null, "it has 200,000 bytes. 131,072 are taken");
    }

    [Fact]
    public void What_is_not_UTF_8_is_refused_with_its_line()
    {
        using var shelf = new ThemeShelf().Write("acme", "theme.json", ThemeShelf.Json).Write("acme", "footer.md", [.. "One\nTwo "u8, 0xe9, 0x20]);
        Check(shelf, "footer.md", 2, "it is not written in UTF-8");
    }

    [Fact]
    public void A_name_that_ships_cannot_be_taken()
    {
        using var shelf = new ThemeShelf().Write("default", "theme.json", ThemeShelf.Json).Write("My Theme", "theme.json", ThemeShelf.Json);
        var themes = shelf.Open();
        themes.Look(all: true);
        Assert.Contains(
            themes.Strays,
            stray => stray.EndsWith("a theme called 'default' comes with the program. Give this folder another name.", StringComparison.Ordinal)
        );
        Assert.Contains(themes.Strays, stray => stray.Contains("My Theme: a theme's folder is called by lower-case letters", StringComparison.Ordinal));
        Assert.Equal("#1f4e8c", themes.Of("default").Light["accent"].ToString());
    }

    [Fact]
    public void What_cannot_be_read_by_everybody_is_told_and_taken()
    {
        using var shelf = new ThemeShelf()
            .Write("acme", "theme.json", """{ "light": { "muted": "#bbbbbb" } }""")
            .Write("acme", "email/notice.txt.liquid", "{{ subject }}\n{{ titel }}");
        var themes = shelf.Open();
        var warnings = themes.Of("acme").Warnings;
        Assert.Contains("light: muted on bg has a contrast of 1.9 to 1; 4.5 to 1 is needed to be read by everybody.", warnings);
        Assert.Contains(
            warnings,
            warning => warning.EndsWith("notice.txt.liquid, line 2: nothing fills 'titel', so nothing will stand there.", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void A_whole_theme_is_taken()
    {
        using var shelf = new ThemeShelf()
            .Write(
                "acme",
                "theme.json",
                """
                {
                  // A remark.
                  "name": "Acme",
                  "light": { "accent": "#6b21a8", },
                  "logo": "logo.png", "favicon": "icon.svg",
                  "links": [
                    { "text": "Help", "url": "https://help.acme.example" }, { "text": "Mail", "url": "mailto:help@acme.example" },
                    { "text": "Old", "url": "/history" }
                  ]
                }
                """
            )
            .Write("acme", "logo.png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0])
            .Write(
                "acme",
                "icon.svg",
                """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><style>rect { fill: red }</style>"""
                    + """<rect width="1" height="1" fill="url(#x)"/></svg>"""
            )
            .Write("acme", "header.md", "Welcome to **Acme**. [Help](https://help.acme.example)")
            .Write("acme", "theme.css", ".band { border-radius: 0; }");
        var theme = shelf.Open().Of("acme");
        Assert.Equal(
            ("Acme", 3, "image/png", "image/svg+xml"),
            (theme.Label, theme.Links.Count, theme.Logo!.Kind.ContentType, theme.Favicon!.Kind.ContentType)
        );
        Assert.Contains("<strong>Acme</strong>", theme.HeaderHtml, StringComparison.Ordinal);
        Assert.Contains("--accent:#6b21a8;", theme.Css, StringComparison.Ordinal);
        Assert.EndsWith(".band {border-radius: 0;}", theme.Css, StringComparison.Ordinal);
        // The default theme fills in what it leaves out.
        Assert.Contains("--accent:#8ab9f5;", theme.Css, StringComparison.Ordinal);
        Assert.Same(shelf.Open().Of("acme").Mails.GetType(), theme.Mails.GetType());
        Assert.Empty(theme.Warnings);
    }

    [Fact]
    public void A_mistake_in_the_theme_of_the_settings_stops_the_start_with_one_line()
    {
        using var shelf = new ThemeShelf().Write("acme", "theme.json", "{\n  \"light\": { \"bg\": \"white\" }\n}");
        var refused = Assert.Throws<ThemeException>(() => Web.Program.Build(["--DataDirectory", shelf.DataDirectory, "--Theme", "acme"]));
        Assert.Equal($"{shelf.PathOf("acme", "theme.json")}, line 2: 'light.bg' is 'white'. Write a colour as \"#rgb\" or \"#rrggbb\".", refused.Message);
        Assert.Throws<SettingException>(() => shelf.Open("acme2"));
    }

    private static void Refused(string file, string content, int? line, string reason)
    {
        using var shelf = new ThemeShelf().Write("acme", "theme.json", ThemeShelf.Json).Write("acme", file, content);
        Check(shelf, file, line, reason);
    }

    private static void Check(ThemeShelf shelf, string file, int? line, string reason)
    {
        var trouble = shelf.Trouble("acme");
        Assert.NotNull(trouble);
        Assert.StartsWith(shelf.PathOf("acme", file) + (line is null ? "" : $", line {line}: "), trouble, StringComparison.Ordinal);
        Assert.True(trouble.Contains(reason, StringComparison.OrdinalIgnoreCase), trouble);
        Assert.DoesNotContain('\n', trouble);
    }
}
