using System.Text.Json;
using CsCheck;
using StatusPage.Domain;
using StatusPage.Domain.Alerts;

namespace StatusPage.Tests.Alerts;

/// <summary>Singular queries of RFC 9535.</summary>
public sealed class JsonPathTests
{
    private const string Document = """
        {"a":{"b":[{"c d":"found","":"empty"},"last"],"1":"digit","é":"accent","☺":"smile","🔥":"fire","a.b":"dotted"},
        "'":"single","\"":"double","\\":"slash","\u0001":"control","null":null,"zero":0}
        """;

    private static string? Find(string path)
    {
        using var document = JsonDocument.Parse(Document);
        return JsonPath.Parse(path, "Key", "the path of the key").Find(document.RootElement)?.ToString();
    }

    [Theory]
    [InlineData("$.a.b[0]['c d']", "found")]
    [InlineData("$.a.b[0][\"c d\"]", "found")]
    [InlineData("$['a']['b'][-1]", "last")]
    [InlineData("$ .a\n.b [ 1 ]", "last")]
    [InlineData(" $.zero ", "0")]
    [InlineData("$.a['1']", "digit")]
    [InlineData("$.a.é", "accent")]
    [InlineData("$.a.☺", "smile")]
    [InlineData("$.a.🔥", "fire")]
    [InlineData("$.a['\\uD83D\\uDD25']", "fire")]
    [InlineData("$.a['a.b']", "dotted")]
    [InlineData("$.a.b[0]['']", "empty")]
    [InlineData("$['\\'']", "single")]
    [InlineData("$[\"'\"]", "single")]
    [InlineData("$[\"\\\"\"]", "double")]
    [InlineData("$['\\\\']", "slash")]
    [InlineData("$['\\u0001']", "control")]
    [InlineData("$.null", "")]
    [InlineData("$.a.b[2]", null)]
    [InlineData("$.a.b[-3]", null)]
    [InlineData("$.a.b[-2147483648]", null)]
    [InlineData("$.a.b.c", null)]
    [InlineData("$.a[0]", null)]
    [InlineData("$.A", null)]
    [InlineData("$.zero.more", null)]
    public void A_path_leads_to_one_place_or_to_none(string path, string? found) => Assert.Equal(found, Find(path));

    [Fact]
    public void The_root_is_a_place_too() => Assert.StartsWith("{\"a\"", Find("$"), StringComparison.Ordinal);

    [Theory]
    [InlineData("a.b", "character 1: a path begins with $.")]
    [InlineData("$a", "character 2: a step begins with a dot or a bracket")]
    [InlineData("$.", "character 3: a name is expected here.")]
    [InlineData("$.1a", "character 3: a name is expected here.")]
    [InlineData("$.a-b", "character 4: a step begins with a dot or a bracket")]
    [InlineData("$..a", "character 3: It must name one value")]
    [InlineData("$.*", "character 3: It must name one value")]
    [InlineData("$[*]", "character 3: It must name one value")]
    [InlineData("$[?@.a]", "character 3: It must name one value")]
    [InlineData("$[0,1]", "character 4: It must name one value")]
    [InlineData("$[0:1]", "character 4: It must name one value")]
    [InlineData("$[:1]", "character 3: It must name one value")]
    [InlineData("$['a'", "character 6: ] is expected here.")]
    [InlineData("$['a", "character 3: this quotation mark is not closed.")]
    [InlineData("$[a]", "character 3: a quoted name or a whole number is expected here.")]
    [InlineData("$[01]", "character 3: a whole number such as")]
    [InlineData("$[-0]", "character 3: a whole number such as")]
    [InlineData("$[-]", "character 3: a whole number such as")]
    [InlineData("$[1.5]", "character 4: ] is expected here.")]
    [InlineData("$[99999999999]", "character 3: a whole number such as")]
    [InlineData("$['\\x']", "character 5: what follows the backslash must be one of")]
    [InlineData("$['\\\"']", "character 5: what follows the backslash must be one of")]
    [InlineData("$['\\u12']", "character 5: four hexadecimal digits must follow")]
    [InlineData("$['\\uD83D']", "half of a surrogate pair is no character.")]
    [InlineData("$['a\tb']", "a control character is written as")]
    [InlineData("$.a\0", "it holds a character that cannot be shown.")]
    public void What_is_wrong_with_a_path_is_said_with_its_place(string path, string says)
    {
        var violation = Assert.Throws<RuleViolation>(() => Find(path));
        Assert.StartsWith("The path of the key cannot be read: ", violation.Message, StringComparison.Ordinal);
        Assert.Contains(says, violation.Message, StringComparison.Ordinal);
        Assert.Equal("Key", violation.Field);
        Assert.Null(JsonPath.TryParse(path));
    }

    [Fact]
    public void A_path_that_is_too_long_is_refused()
    {
        Assert.Contains("at most 500 fit", Assert.Throws<RuleViolation>(() => Find("$." + new string('a', 500))).Message, StringComparison.Ordinal);
        Assert.Contains(
            "at most 32 steps",
            Assert.Throws<RuleViolation>(() => Find("$" + string.Concat(Enumerable.Repeat(".a", 33)))).Message,
            StringComparison.Ordinal
        );
        Assert.Equal("Enter the path of the key, such as $.alert.id.", Assert.Throws<RuleViolation>(() => Find(" ")).Message);
    }

    [Fact]
    public void Every_name_can_be_reached_in_quotes() =>
        Gen.String[0, 60]
            .Sample(name =>
            {
                var json = JsonSerializer.Serialize(new Dictionary<string, string> { [name] = "found" });
                using var document = JsonDocument.Parse(json);
                // The serializer writes halves of pairs as U+FFFD.
                var written = document.RootElement.EnumerateObject().Single().Name;
                var quoted = string.Concat(written.Select(unit => $"\\u{(int)unit:x4}"));
                Assert.Equal("found", JsonPath.TryParse($"$['{quoted}']")?.Find(document.RootElement)?.GetString());
            });

    [Fact]
    public void Whatever_is_typed_is_a_path_or_refused_in_words() =>
        Gen.OneOf("$", ".", "[", "]", "'", "\"", "\\", "u", "0", "1", "-", "a", "*", "?", ",", ":", " ", "é", "\ud83d", "D83D")
            .Array[0, 12]
            .Sample(
                parts =>
                {
                    using var document = JsonDocument.Parse(Document);
                    try
                    {
                        JsonPath.Parse("$" + string.Concat(parts), "Key", "the path").Find(document.RootElement);
                    }
                    catch (RuleViolation violation)
                    {
                        Assert.StartsWith("The path cannot be read: ", violation.Message, StringComparison.Ordinal);
                    }
                },
                iter: 5_000
            );
}
