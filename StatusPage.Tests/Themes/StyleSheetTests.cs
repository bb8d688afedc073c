using StatusPage.Domain;
using StatusPage.Web.Themes;

namespace StatusPage.Tests.Themes;

/// <summary>Rules that an owner may write into the page's style, and rules that are refused, however they are spelt.</summary>
public sealed class StyleSheetTests
{
    private static string Clean(string css) => StyleSheet.Clean(css, "Your rules");

    [Theory]
    [InlineData("@import url(https://evil.example/x.css);", 1, "@import loads another file")]
    [InlineData("a{}\n@IMPORT 'x';", 2, "loads another file")]
    [InlineData("@\\69mport 'x';", 1, "loads another file")]
    [InlineData("@im\\70 ort 'x';", 1, "loads another file")]
    [InlineData("@charset \"utf-8\";", 1, "@charset is not taken")]
    [InlineData("@namespace svg url(http://www.w3.org/2000/svg);", 1, "@namespace is not taken")]
    [InlineData("@document url(https://x) { a { color: red; } }", 1, "@document is not taken")]
    [InlineData("@font-face { font-family: x; src: url(https://evil.example/x.woff2); }", 1, "@font-face loads a font")]
    [InlineData("a { background: url(https://evil.example/x.png); }", 1, "leads elsewhere")]
    [InlineData("a { background: URL( 'https://evil.example/x.png' ); }", 1, "leads elsewhere")]
    [InlineData("a { background: u\\72l(https://evil.example/x.png); }", 1, "leads elsewhere")]
    [InlineData("a { background: \\75\\72\\6c(//evil.example/x.png); }", 1, "leads elsewhere")]
    [InlineData("a {\n\n background: url(  \"//evil.example/x\" ); }", 3, "leads elsewhere")]
    [InlineData("a { background: url(/\\/evil.example); }", 1, "leads elsewhere")]
    [InlineData("a { background: url(/assets/../admin); }", 1, "leads elsewhere")]
    [InlineData("a { background: url(/assets/x.png?to=//evil.example); }", 1, "leads elsewhere")]
    [InlineData("a { background: url(data:image/svg+xml,x); }", 1, "leads elsewhere")]
    [InlineData("a { background: url(javascript:alert(1)); }", 1, "")]
    [InlineData("a { --x: url(https://evil.example); background: var(--x); }", 1, "leads elsewhere")]
    [InlineData("a { --x: { background: url(https://evil.example) } }", 1, "leads elsewhere")]
    [InlineData("a[href^='x'] { background: image-set('https://evil.example/x.png' 1x); }", 1, "image-set() is not taken")]
    [InlineData("a { background: -webkit-image-set(url(/assets/x) 1x); }", 1, "is not taken")]
    [InlineData("a { background: -webkit-cross-fade(url(x), url(y), 50%); }", 1, "is not taken")]
    [InlineData("a { background: src(\"https://evil.example\"); }", 1, "src() is not taken")]
    [InlineData("a { background: url(var(--x)); }", 1, "")]
    [InlineData("a { width: expression(alert(1)); }", 1, "expression() is not taken")]
    [InlineData("a { width: exp\\72 ession(alert(1)); }", 1, "expression() is not taken")]
    [InlineData("a { width: ex/**/pression(alert(1)); behavior: url(x.htc); }", 1, "'behavior' would run")]
    [InlineData("a { -moz-binding: url(x.xml#y); }", 1, "would run a program")]
    [InlineData("a { b\\65havior: none; }", 1, "would run a program")]
    [InlineData("a { filter: progid:DXImageTransform.Microsoft.Alpha(); }", 1, "there is a : in the value of 'filter'")]
    [InlineData("a { content: '</style><script>alert(1)</script>'; }", 1, "'</' belongs to HTML")]
    [InlineData("a { content: '\\3c/style>'; }", 1, "'</' belongs to HTML")]
    [InlineData("</style><script>alert(1)</script>", 1, "'</' belongs to HTML")]
    [InlineData("<!-- a { color: red; } -->", 1, "'<!--' belongs to HTML")]
    [InlineData("a { color: red\n  background: blue; }", 2, "A ; may be missing before it")]
    [InlineData("a { color: 'red\n; }", 1, "a text in quotes is not closed")]
    [InlineData("/* never closed", 1, "the comment that begins here is not closed")]
    [InlineData("a { width: calc(1px + (2px; }", 1, "")]
    [InlineData("a { color: ; }", 1, "'color' has no value")]
    [InlineData("color: red;", 1, "a rule needs a selector and a block in braces")]
    [InlineData("a { color: red; }\nb", 2, "a rule needs a selector and a block in braces")]
    [InlineData("a { 7: red; }", 1, "begins no declaration")]
    [InlineData("a { x: \\", 1, "a backslash escapes nothing")]
    public void What_loads_acts_or_is_no_CSS_is_refused_with_its_line(string css, int line, string reason)
    {
        var refused = Assert.Throws<ThemeException>(() => Clean(css));
        Assert.Equal(line, refused.Line);
        Assert.Contains(reason, refused.Reason.ToString(), StringComparison.Ordinal);
        var told = Assert.Throws<RuleViolation>(() => OwnStyle.Check(css));
        Assert.StartsWith($"Line {line}: ", told.Message, StringComparison.Ordinal);
        Assert.Null(OwnStyle.Of(css));
    }

    [Theory]
    [InlineData(":root { --accent: #6b21a8; }", ":root {--accent: #6b21a8;}")]
    [InlineData("/* remark */ .band{position:fixed!important}", ".band{position:fixed!important}")]
    [InlineData("a:hover,a:has(> b)::before{content:\"\\201C\"}", "a:hover,a:has(> b)::before{content:\"\u201C\"}")]
    [InlineData(
        "@media (width >= 40em) and (prefers-color-scheme:dark){.a{& .b{gap:1px}}}",
        "@media (width >= 40em) and (prefers-color-scheme:dark){.a{& .b{gap:1px}}}"
    )]
    [InlineData("@layer a,b;@container x (min-width:1px){i{inset:0}}", "@layer a,b;@container x (min-width:1px){i{inset:0}}")]
    [InlineData("@keyframes x{from{opacity:0}50%{opacity:.5}to{opacity:1}}", "@keyframes x{from{opacity:0}50%{opacity:.5}to{opacity:1}}")]
    [InlineData(".a/**/.b{background:color-mix(in srgb,red 1e1%,var(--bg,#fff))}", ".a/**/.b{background:color-mix(in srgb,red 1e1%,var(--bg,#fff))}")]
    [InlineData("b{background:url( '/assets/logo.0a1b.svg' )}", "b{background:url( \"/assets/logo.0a1b.svg\" )}")]
    [InlineData(".\\31 2{color:red}", ".\\31 2{color:red}")]
    [InlineData("a{width:calc(100% - -2px);margin:-1px +2px}", "a{width:calc(100% - -2px);margin:-1px +2px}")]
    [InlineData("tr:nth-child(2n+1) td[data-x=\"y\" i]{}", "tr:nth-child(2n+1) td[data-x=\"y\" i]{}")]
    public void What_only_looks_is_kept_as_it_was_meant(string css, string clean) => Assert.Equal(clean, Clean(css));

    [Fact]
    public void What_comes_out_goes_in_and_comes_out_the_same()
    {
        foreach (var name in (string[])["default", "contrast", "compact"])
        {
            var css = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "themes", name, "theme.css"));
            var clean = Clean(css);
            Assert.Equal(clean, Clean(clean));
            Assert.True(clean.Length <= css.Length && clean.Length > css.Length * 0.8, name);
            Assert.Equal(css.Count(c => c == '{'), clean.Count(c => c == '{'));
        }
    }

    [Fact]
    public void What_is_nested_without_end_is_refused_and_not_followed()
    {
        Assert.Contains(
            "nested deeper",
            Assert.Throws<ThemeException>(() => Clean("a { width: " + new string('(', 100_000))).Reason.ToString(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "nested deeper",
            Assert.Throws<ThemeException>(() => Clean(string.Concat(Enumerable.Repeat("a{", 5_000)))).Reason.ToString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_is_too_long_is_refused() =>
        Assert.Contains(
            "20000 are taken",
            Assert.Throws<RuleViolation>(() => OwnStyle.Check(new string(' ', 10) + "a{}" + new string('b', 20_000))).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Nothing_written_is_no_file()
    {
        Assert.Null(OwnStyle.Check("  "));
        Assert.Null(OwnStyle.Check("/* a remark */"));
    }
}
