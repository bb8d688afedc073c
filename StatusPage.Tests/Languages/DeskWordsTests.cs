using System.Text.RegularExpressions;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Tests.Host;
using StatusPage.Web.Languages;
using Desk = StatusPage.Tests.Host.Desk;

namespace StatusPage.Tests.Languages;

/// <summary>The desk speaks the languages of the page: whatever a room says comes from the words, but for what people wrote.</summary>
public sealed partial class DeskWordsTests
{
    [Fact(Explicit = true)]
    public async Task Every_room_says_what_it_says_in_words_that_can_be_translated()
    {
        await using var app = await AppHost.StartAsync(
            null,
            builder => builder.Services.AddScoped(_ => Words.Told(Marked)),
            [.. Desk.Owner, "--Demo", "true"]
        );
        var rooms = await DeskRooms.OfAsync(app);
        using var desk = await app.SignInAsync();
        var written = string.Join('\n', await app.InStoreAsync(db => WrittenAsync(db)));
        SortedSet<string> bare = new(StringComparer.Ordinal);
        foreach (var room in rooms)
        {
            var page = await desk.GetAsync(room);
            foreach (var text in page.Head!.QuerySelectorAll("title").Append(page.Body!).SelectMany(Texts))
                if (Letters().IsMatch(When().Replace(text, "")) && !written.Contains(text.Trim(), StringComparison.Ordinal))
                    bare.Add($"{room.Split('?')[0]}: {string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}");
        }
        if (Environment.GetEnvironmentVariable("WRITE_WORDS") is { Length: > 1 } file)
            await File.WriteAllLinesAsync(file, bare);
        Assert.Empty(bare);
    }

    /// <summary>What a reader sees or hears.</summary>
    private static IEnumerable<string> Texts(IElement root) =>
        root.Descendants<IText>()
            .Where(text =>
                text.ParentElement is { } parent && !parent.Matches("script, style, code, pre, kbd, template, textarea.code, body [lang], body [lang] *")
            )
            .Select(text => text.Data)
            .Concat(
                root.QuerySelectorAll("[aria-label], [placeholder], [title], [alt], [data-confirm]")
                    .SelectMany(element =>
                        new[] { "aria-label", "placeholder", "title", "alt", "data-confirm" }.Select(name => element.GetAttribute(name) ?? "")
                    )
            );

    /// <summary>Every text of every row: what people wrote, or the demo for them.</summary>
    private static async Task<List<string>> WrittenAsync(Web.Data.StatusDb db)
    {
        List<string> all = [];
        await using var connection = db.Database.GetDbConnection();
        await connection.OpenAsync();
        foreach (var table in db.Model.GetEntityTypes().Select(type => type.GetTableName()).OfType<string>().Distinct())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                for (var i = 0; i < reader.FieldCount; i++)
                    if (reader.GetValue(i) is string text)
                        all.Add(text);
        }
        return all;
    }

    /// <summary>The same in wide letters, but for the patterns of dates and the places of what is filled in.</summary>
    private static string Marked(string english) =>
        Pattern().IsMatch(english)
            ? english
            : Parts().Replace(english, part => part.Groups[1].Success ? part.Value : string.Concat(part.Value.Select(c => (char)(c - 'A' + 'Ａ'))));

    [GeneratedRegex(@"(\{[^}]*\})|[A-Za-z]+")]
    private static partial Regex Parts();

    [GeneratedRegex(@"^[hHmMdyt:,. ]+('UTC')?\z")]
    private static partial Regex Pattern();

    /// <summary>A date or a span of time as the clock writes it.</summary>
    [GeneratedRegex(@"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d+")]
    private static partial Regex When();

    /// <summary>Narrow letters; what is short or in capitals is an abbreviation.</summary>
    [GeneratedRegex("[a-z]{2}")]
    private static partial Regex Letters();
}
