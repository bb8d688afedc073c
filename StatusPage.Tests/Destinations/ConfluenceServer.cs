using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Destinations;

/// <summary>Confluence, as Cloud (REST v2) or as Data Center (REST v1). Like the real one, it writes a body anew when it stores it.</summary>
public sealed class ConfluenceServer(HttpSink sink, bool isCloud) : Vendor(sink)
{
    private static readonly string[] Allowed =
    [
        "p",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "table",
        "tbody",
        "tr",
        "th",
        "td",
        "strong",
        "em",
        "code",
        "a",
        "ac:task-list",
        "ac:task",
        "ac:task-status",
        "ac:task-body",
        "ac:structured-macro",
        "ac:plain-text-body",
    ];

    public sealed record StoredPage(string Id, string Title, string? Parent, int Version, string Body, string Status, List<string> Labels);

    public List<StoredPage> Pages { get; } = [];
    public override int Made => Pages.Count;

    private string Authorization => isCloud ? "Basic b3BzQGV4YW1wbGUudGVzdDp0MGtlbg==" : "Bearer t0ken";
    private string LabelPath => isCloud ? "/wiki/rest/api/content/" : "/rest/api/content/";
    private string PagePath => isCloud ? "/wiki/api/v2/pages" : "/rest/api/content";

    public static async Task<ConfluenceServer> StartAsync(bool isCloud = true) => new(await HttpSink.StartAsync(), isCloud);

    /// <summary>The XHTML of a body, with the prefixes that Confluence knows.</summary>
    public static XElement Xml(string body) =>
        XElement.Parse($"<body xmlns:ac=\"urn:ac\" xmlns:ri=\"urn:ri\">{body}</body>", LoadOptions.PreserveWhitespace);

    /// <summary>Somebody edits a page.</summary>
    public void Edit(int index, string body) => Pages[index] = Pages[index] with { Version = Pages[index].Version + 1, Body = body };

    protected override SinkAnswer Do(ReceivedRequest request, string path)
    {
        if (request.Header("Authorization") != Authorization)
            return Json(401, new JsonObject { ["statusCode"] = 401, ["message"] = "Unauthorized" });
        switch (request.Method)
        {
            case "GET" when path == $"{PagePath}/98400":
                return Json(
                    200,
                    new JsonObject
                    {
                        ["id"] = "98400",
                        ["status"] = "current",
                        ["title"] = "Postmortems",
                    }
                );
            case "GET" when isCloud && path == "/wiki/api/v2/spaces":
                return Json(
                    200,
                    new JsonObject
                    {
                        ["results"] = Query(request, "keys") == "OPS" ? new JsonArray(new JsonObject { ["id"] = "98310", ["key"] = "OPS" }) : [],
                    }
                );
            case "GET" when !isCloud && path == "/rest/api/user/current":
                return Json(200, new JsonObject { ["type"] = "known", ["username"] = "ops" });
            case "GET" when path == PagePath:
                Must(
                    isCloud ? Query(request, "space-id") == "98310" && Query(request, "body-format") == "storage" : Query(request, "spaceKey") == "OPS",
                    $"Wrong list: {request.Path}"
                );
                return Json(
                    200,
                    new JsonObject
                    {
                        ["results"] = new JsonArray([
                            .. Pages.Where(page => page.Title == Query(request, "title")).Select(page => Show(page, isInList: true)),
                        ]),
                        ["_links"] = new JsonObject { ["base"] = Url + "/wiki" },
                    }
                );
            case "GET" when path.StartsWith(PagePath + "/", StringComparison.Ordinal):
                return Pages.Find(page => page.Id == path[(PagePath.Length + 1)..]) is { } one ? Json(200, Show(one)) : Error(404, "NOT_FOUND", "No page");
            case "POST" when path == PagePath:
                return Create(Body(request));
            case "PUT" when path.StartsWith(PagePath + "/", StringComparison.Ordinal):
                return Update(path[(PagePath.Length + 1)..], Body(request));
            case "POST" when path.StartsWith(LabelPath, StringComparison.Ordinal) && path.EndsWith("/label", StringComparison.Ordinal):
                Must(Body(request).GetRawText() == """[{"prefix":"global","name":"postmortem"}]""", $"Wrong label: {request.Text}");
                Pages.Find(page => page.Id == path[LabelPath.Length..^"/label".Length])?.Labels.Add("postmortem");
                return Json(200, new JsonObject());
            default:
                Wrong.Add($"Unknown: {request.Method} {request.Path}");
                return new(404);
        }
    }

    private SinkAnswer Create(JsonElement body)
    {
        string? parent;
        if (isCloud)
        {
            MustHave(body, "The page", "spaceId", "status", "title", "parentId", "body");
            Must(body.GetProperty("spaceId").GetString() == "98310" && body.GetProperty("status").GetString() == "current", "Wrong space or status");
            parent = body.GetProperty("parentId").GetString();
        }
        else
        {
            MustHave(body, "The page", "type", "title", "space", "ancestors", "body");
            Must(
                body.GetProperty("type").GetString() == "page" && body.GetProperty("space").GetProperty("key").GetString() == "OPS",
                "Wrong type or space"
            );
            parent = body.GetProperty("ancestors")[0].GetProperty("id").GetString();
        }
        var (title, text) = (body.GetProperty("title").GetString()!, TextOf(body));
        Must(title.Length is > 0 and <= 255, $"The title has {title.Length} characters.");
        if (Pages.Exists(page => page.Title == title))
            return Error(400, "INVALID_REQUEST_PARAMETER", "A page with this title already exists: " + title);
        Pages.Add(new($"{131073 + Pages.Count}", title, parent, 1, text, "current", []));
        return Json(200, Show(Pages[^1]));
    }

    private SinkAnswer Update(string id, JsonElement body)
    {
        if (isCloud)
        {
            MustHave(body, "The page", "id", "status", "title", "body", "version");
            Must(body.GetProperty("id").GetString() == id, "Wrong id");
        }
        else
            MustHave(body, "The page", "type", "title", "body", "version");
        var at = Pages.FindIndex(page => page.Id == id);
        if (at < 0)
            return Error(404, "NOT_FOUND", "No page");
        if (body.GetProperty("version").GetProperty("number").GetInt32() != Pages[at].Version + 1)
            return Error(409, "CONFLICT", "Version must be incremented on update");
        Pages[at] = Pages[at] with { Title = body.GetProperty("title").GetString()!, Version = Pages[at].Version + 1, Body = TextOf(body) };
        return Json(200, Show(Pages[at]));
    }

    /// <summary>The storage format of a request, held against what is allowed in it.</summary>
    private string TextOf(JsonElement page)
    {
        var body = page.GetProperty("body");
        if (!isCloud)
            body = body.GetProperty("storage");
        Must(body.GetProperty("representation").GetString() == "storage", "Not the storage format");
        var text = body.GetProperty("value").GetString()!;
        Must(System.Text.Encoding.UTF8.GetByteCount(text) <= 5 * 1024 * 1024, "Over 5 MB");
        var xml = Xml(text);
        foreach (var element in xml.Descendants())
        {
            var name = element.Name.NamespaceName == "urn:ac" ? $"ac:{element.Name.LocalName}" : element.Name.LocalName;
            Must(Allowed.Contains(name), $"The element {name} is not allowed.");
            Must(element.Attributes().All(attribute => attribute.Name.LocalName is "href" or "name"), $"{name} has other attributes.");
        }
        Must(xml.Elements().Last().Value.StartsWith("statuspage-ref: pm-", StringComparison.Ordinal), "The marker is not last.");
        // Written anew, as the real one does.
        return string.Concat(xml.Nodes().Select(node => node.ToString(SaveOptions.DisableFormatting)))
            .Replace(" xmlns:ac=\"urn:ac\"", "", StringComparison.Ordinal)
            .Replace(" xmlns:ri=\"urn:ri\"", "", StringComparison.Ordinal)
            .Replace("<p>", "<p local-id=\"1\">", StringComparison.Ordinal);
    }

    private JsonObject Show(StoredPage page, bool isInList = false)
    {
        var json = new JsonObject
        {
            ["id"] = page.Id,
            ["status"] = page.Status,
            ["title"] = page.Title,
            ["version"] = new JsonObject { ["number"] = page.Version },
            ["body"] = new JsonObject
            {
                ["storage"] = new JsonObject { ["value"] = page.Body, ["representation"] = "storage" },
            },
            ["_links"] = new JsonObject { ["webui"] = $"/spaces/OPS/pages/{page.Id}" },
        };
        if (!isInList)
            json["_links"]!["base"] = Url + "/wiki";
        return json;
    }

    private SinkAnswer Error(int status, string code, string text) =>
        isCloud
            ? Json(
                status,
                new JsonObject
                {
                    ["errors"] = new JsonArray(
                        new JsonObject
                        {
                            ["status"] = status,
                            ["code"] = code,
                            ["title"] = text,
                            ["detail"] = null,
                        }
                    ),
                }
            )
            : Json(
                status,
                new JsonObject
                {
                    ["statusCode"] = status,
                    ["data"] = new JsonObject(),
                    ["message"] = text,
                }
            );
}
