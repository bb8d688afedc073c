using System.Text.Json;
using System.Text.Json.Nodes;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Destinations;

/// <summary>Notion of 2026-03-11, with one page and one database of one data source. Like the real one, it writes Markdown anew when it stores it.</summary>
public sealed class NotionServer(HttpSink sink) : Vendor(sink)
{
    public const string Parent = "11111111-2222-3333-4444-555555555555";
    public const string Database = "99999999-2222-3333-4444-555555555555";
    public const string Source = "2f26ee68-df30-4251-aad4-8ddc420cba3d";

    public sealed record StoredPage(string Id, string Title, string? Ref, string Markdown, bool IsInTrash = false);

    public List<StoredPage> Pages { get; } = [];
    public override int Made => Pages.Count;

    /// <summary>Whether pages are too long to be told whole.</summary>
    public bool IsTruncating { get; set; }

    public static async Task<NotionServer> StartAsync() => new(await HttpSink.StartAsync());

    protected override SinkAnswer Do(ReceivedRequest request, string path)
    {
        Must(request.Header("Notion-Version") == "2026-03-11", "Another version");
        if (request.Header("Authorization") != "Bearer ntn_t0ken")
            return Error(401, "unauthorized", "API token is invalid.");
        switch (request.Method)
        {
            case "GET" when path == $"/v1/databases/{Database}":
                return Json(200, new JsonObject { ["data_sources"] = new JsonArray(new JsonObject { ["id"] = Source }) });
            case "GET" when path == $"/v1/data_sources/{Source}":
                return Json(
                    200,
                    new JsonObject
                    {
                        ["properties"] = new JsonObject
                        {
                            ["What"] = new JsonObject { ["type"] = "title" },
                            ["Ref"] = new JsonObject { ["type"] = "rich_text" },
                        },
                    }
                );
            case "GET" when path == $"/v1/blocks/{Parent}/children":
                return Children(request);
            case "POST" when path == $"/v1/data_sources/{Source}/query":
                var filter = Body(request).GetProperty("filter");
                Must(filter.GetProperty("property").GetString() == "Ref", "Asks for another property");
                var reference = filter.GetProperty("rich_text").GetProperty("equals").GetString();
                return Json(200, new JsonObject { ["results"] = new JsonArray([.. Pages.Where(page => page.Ref == reference).Select(Show)]) });
            case "POST" when path == "/v1/pages":
                return Create(Body(request), request.Body.Length);
            case "GET" when Find(path, "/markdown") is { } read:
                return Json(
                    200,
                    new JsonObject
                    {
                        ["object"] = "page_markdown",
                        ["markdown"] = IsTruncating ? read.Markdown[..10] : read.Markdown,
                        ["truncated"] = IsTruncating,
                        ["unknown_block_ids"] = new JsonArray(),
                    }
                );
            case "PATCH" when Find(path, "") is { } renamed:
                var properties = Body(request).GetProperty("properties");
                MustHave(properties, "The properties", renamed.Ref is null ? "title" : "What");
                var title = properties.EnumerateObject().First().Value.GetProperty("title")[0].GetProperty("text").GetProperty("content").GetString()!;
                Pages[Pages.IndexOf(renamed)] = renamed with { Title = title };
                return Json(200, Show(Pages.Find(page => page.Id == renamed.Id)!));
            case "PATCH" when Find(path, "/markdown") is { } old:
                var change = Body(request);
                MustHave(change, "The change", "type", "replace_content");
                MustHave(change.GetProperty("replace_content"), "The content", "new_str");
                Pages[Pages.IndexOf(old)] = old with { Markdown = Anew(change.GetProperty("replace_content").GetProperty("new_str").GetString()!) };
                return Json(200, new JsonObject { ["object"] = "page_markdown" });
            case "GET" when Find(path, "") is { } page:
                return Json(200, Show(page));
            default:
                return Error(404, "object_not_found", "Could not find it. Make sure it is shared.");
        }
    }

    private SinkAnswer Create(JsonElement body, int length)
    {
        MustHave(body, "The page", "parent", "properties", "markdown");
        Must(length <= 500 * 1024, "Over 500 KB");
        var parent = body.GetProperty("parent");
        var kind = parent.GetProperty("type").GetString()!;
        var isRow = kind == "data_source_id";
        Must(parent.GetProperty(kind).GetString() == (isRow ? Source : Parent), "Another parent");
        var properties = body.GetProperty("properties");
        MustHave(properties, "The properties", isRow ? ["What", "Ref"] : ["title"]);
        var title = properties.GetProperty(isRow ? "What" : "title").GetProperty("title")[0].GetProperty("text").GetProperty("content").GetString()!;
        Must(title.Length <= 2000, "A text over 2000 characters");
        var reference = isRow ? properties.GetProperty("Ref").GetProperty("rich_text")[0].GetProperty("text").GetProperty("content").GetString() : null;
        var markdown = body.GetProperty("markdown").GetString()!;
        Must(markdown.Split('\n')[^1].StartsWith("statuspage-ref: pm-", StringComparison.Ordinal), "The marker is not last.");
        Pages.Add(new($"59833787-2cf9-4fdf-8782-{Pages.Count:D12}", title, reference, Anew(markdown)));
        return Json(200, Show(Pages[^1]));
    }

    /// <summary>Two at a time, after something else.</summary>
    private SinkAnswer Children(ReceivedRequest request)
    {
        var all = new List<JsonObject>
        {
            new() { ["id"] = "other", ["type"] = "paragraph" },
        };
        all.AddRange(
            Pages.Select(page => new JsonObject
            {
                ["id"] = page.Id,
                ["type"] = "child_page",
                ["child_page"] = new JsonObject { ["title"] = page.Title },
            })
        );
        var from = int.Parse(Query(request, "start_cursor") ?? "0", System.Globalization.CultureInfo.InvariantCulture);
        var more = from + 2 < all.Count;
        return Json(
            200,
            new JsonObject
            {
                ["results"] = new JsonArray([.. all.Skip(from).Take(2)]),
                ["has_more"] = more,
                ["next_cursor"] = more ? $"{from + 2}" : null,
            }
        );
    }

    private StoredPage? Find(string path, string end) => Pages.Find(page => path == $"/v1/pages/{page.Id}{end}");

    private static string Anew(string markdown) => markdown.Replace("\n- ", "\n* ", StringComparison.Ordinal) + "\n";

    private static JsonObject Show(StoredPage page) =>
        new()
        {
            ["object"] = "page",
            ["id"] = page.Id,
            ["url"] = $"https://www.notion.so/{page.Id.Replace("-", "", StringComparison.Ordinal)}",
            ["in_trash"] = page.IsInTrash,
            ["properties"] = new JsonObject
            {
                [page.Ref is null ? "title" : "What"] = new JsonObject
                {
                    ["type"] = "title",
                    ["title"] = new JsonArray(new JsonObject { ["plain_text"] = page.Title }),
                },
            },
        };

    private static SinkAnswer Error(int status, string code, string text) =>
        Json(
            status,
            new JsonObject
            {
                ["object"] = "error",
                ["status"] = status,
                ["code"] = code,
                ["message"] = text,
                ["request_id"] = "r",
            }
        );
}
