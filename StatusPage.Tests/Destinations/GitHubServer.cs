using System.Text.Json;
using System.Text.Json.Nodes;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Destinations;

/// <summary>GitHub's issues of one repository, by the API of 2022-11-28.</summary>
public sealed class GitHubServer(HttpSink sink) : Vendor(sink)
{
    private const string Issues = "/repos/acme/api/issues";

    public sealed record StoredIssue(int Number, string Title, string Body, string State, string? Reason, IReadOnlyList<string> Labels);

    public List<StoredIssue> All { get; } = [];
    public override int Made => All.Count;

    /// <summary>Without it, labels are dropped and nothing is said.</summary>
    public bool MayPush { get; set; } = true;

    /// <summary>When a state is said to be from; null: it is not said.</summary>
    public DateTimeOffset? UpdatedAt { get; set; }

    public static async Task<GitHubServer> StartAsync() => new(await HttpSink.StartAsync());

    public void Close(int number, string reason) => Set(number, "closed", reason);

    public void Set(int number, string state, string? reason) => All[number - 1] = All[number - 1] with { State = state, Reason = reason };

    protected override SinkAnswer Do(ReceivedRequest request, string path)
    {
        Must(request.Header("Accept") == "application/vnd.github+json", $"Accept: {request.Header("Accept")}");
        Must(request.Header("X-GitHub-Api-Version") == "2022-11-28", "Another version");
        Must(!string.IsNullOrEmpty(request.Header("User-Agent")), "No user agent");
        if (request.Header("Authorization") != "Bearer gh_t0ken")
            return Json(401, new JsonObject { ["message"] = "Bad credentials" });
        switch (request.Method)
        {
            case "GET" when path == Issues:
                Must(Query(request, "state") == "all", "Only open ones are asked for");
                // A pull request is listed among issues.
                return Json(
                    200,
                    new JsonArray([
                        new JsonObject
                        {
                            ["number"] = 999,
                            ["body"] = "<!-- statuspage-ref: ai- -->",
                            ["pull_request"] = new JsonObject(),
                        },
                        .. All.Select(Show),
                    ])
                );
            case "POST" when path == Issues:
                return Create(Body(request));
            case "GET" when Find(path) is { } issue:
                return Json(200, Show(issue));
            case "PATCH" when Find(path) is { } issue:
                var change = Body(request);
                MustHave(change, "The change", "title", "body");
                All[issue.Number - 1] = issue with { Title = change.GetProperty("title").GetString()!, Body = change.GetProperty("body").GetString()! };
                return Json(200, Show(All[issue.Number - 1]));
            default:
                return Json(404, new JsonObject { ["message"] = "Not Found" });
        }
    }

    private SinkAnswer Create(JsonElement body)
    {
        MustHave(body, "The issue", "title", "body", "labels");
        var (title, text) = (body.GetProperty("title").GetString()!, body.GetProperty("body").GetString()!);
        Must(title.Length is > 0 and <= 256, "The title is too long.");
        Must(text.Length <= 65_536 && text.Contains("<!-- statuspage-ref: ai-", StringComparison.Ordinal), "The body is too long, or without a marker.");
        var labels = body.GetProperty("labels").EnumerateArray().Select(label => label.GetString()!).ToList();
        Must(labels.TrueForAll(label => label.Length <= 50), "A label is too long.");
        All.Add(new(All.Count + 1, title, text, "open", null, MayPush ? labels : []));
        return Json(201, Show(All[^1]));
    }

    private StoredIssue? Find(string path) => All.Find(issue => path == $"{Issues}/{issue.Number}");

    private JsonObject Show(StoredIssue issue)
    {
        var json = new JsonObject
        {
            ["id"] = 3000 + issue.Number,
            ["number"] = issue.Number,
            ["html_url"] = $"https://github.com/acme/api/issues/{issue.Number}",
            ["title"] = issue.Title,
            ["body"] = issue.Body,
            ["state"] = issue.State,
            ["state_reason"] = issue.Reason,
            ["labels"] = new JsonArray([.. issue.Labels.Select(label => new JsonObject { ["name"] = label })]),
        };
        if (UpdatedAt is { } at)
            json["updated_at"] = at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        return json;
    }
}
