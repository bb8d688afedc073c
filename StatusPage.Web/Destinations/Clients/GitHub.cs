using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using StatusPage.Domain;
using StatusPage.Domain.Destinations;
using StatusPage.Web.Channels;
using StatusPage.Web.Destinations.Writing;

namespace StatusPage.Web.Destinations.Clients;

/// <summary>The state of an issue as it was read.</summary>
/// <param name="Code">See <see cref="RemoteObject.State"/>.</param>
/// <param name="Body">Bears our marker where the issue is ours.</param>
public sealed record IssueState(string Code, DateTimeOffset? Since, string Body);

/// <summary>GitHub Issues, at github.com or an Enterprise Server, by the REST API of 2022-11-28 (docs.github.com, August 2026).</summary>
public sealed class GitHub(VendorHttp http) : IDestinationClient
{
    public const string ApiVersion = "2022-11-28";
    public const string UsualLabel = "postmortem";

    /// <summary>Characters.</summary>
    public const int MaxTitle = 256;
    public const int MaxBody = 65_536;
    private const int MaxLabel = 50;

    /// <summary>What was made before the claim cannot be ours; clocks differ by less.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    /// <summary>Requests for a list of 100 issues each.</summary>
    private const int MostPages = 20;

    private const int MostHops = 3;

    public DestinationKind Kind => DestinationKind.GitHub;

    public Outgoing Write(DestinationInUse to, DestinationMessage message)
    {
        var document = message.Item!;
        var (title, body) = (Text.Cut(document.Item.Title, MaxTitle), IssueBody.Write(document, message.Ref, MaxBody));
        return new(message.Ref, title, body) { Compared = Compared(title, body), Since = document.Item.CreatedAt };
    }

    public async Task<Remote> TestAsync(DestinationInUse to)
    {
        var reply = await SendAsync(to, HttpMethod.Get, $"{Repository(to)}/issues?state=all&per_page=1");
        return reply.IsGood && VendorHttp.JsonOf(reply) is JsonArray
            ? new Remote.Found(new("", null, Note: $"The issues of {to.Setting(DestinationField.Repository)} are there, and the token may read them."))
            : Failed(to, reply);
    }

    /// <summary>Before the first create, too: the store may have been restored, or the destination set up anew.</summary>
    public async Task<Remote> FindAsync(DestinationInUse to, Outgoing what, string? sentTitle, DateTimeOffset? claimedAt)
    {
        if (await LookAsync(to, what, claimedAt ?? what.Since, "") is { } outcome)
            return outcome;
        if (claimedAt is null && LabelsOf(to) is [var label, ..])
            return await LookAsync(to, what, what.Since, $"&labels={Uri.EscapeDataString(label)}") ?? new Remote.Nothing();
        return new Remote.Refused(
            $"More than {MostPages * 100:N0} issues changed since then, too many to look through for ours. Look there for '{what.Title}'."
        );
    }

    /// <returns>Null: there are too many to look through.</returns>
    private async Task<Remote?> LookAsync(DestinationInUse to, Outgoing what, DateTimeOffset? from, string filter)
    {
        var since = from is { } at ? $"&since={(at - Slack).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}" : "";
        for (var page = 1; page <= MostPages; page++)
        {
            var more = page == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"&page={page}");
            var reply = await SendAsync(to, HttpMethod.Get, $"{Repository(to)}/issues?state=all{since}&per_page=100{filter}{more}");
            if (!reply.IsGood || VendorHttp.JsonOf(reply) is not JsonArray issues)
                return Failed(to, reply);
            foreach (var issue in issues)
            {
                if (issue is not JsonObject fields || !fields.ContainsKey("body"))
                    return Failed(to, reply);
                if (!fields.ContainsKey("pull_request") && what.Ref.IsIn(VendorHttp.Text(fields, "body") ?? ""))
                    return IssueOf(fields, what.Ref) is { } found ? new Remote.Found(found) : Failed(to, reply);
            }
            if (issues.Count < 100)
                return new Remote.Nothing();
        }
        return null;
    }

    public async Task<Remote> CreateAsync(DestinationInUse to, DestinationMessage message, Outgoing what)
    {
        var wanted = LabelsOf(to);
        var reply = await SendAsync(
            to,
            HttpMethod.Post,
            $"{Repository(to)}/issues",
            new JsonObject
            {
                ["title"] = what.Title,
                ["body"] = what.Body,
                ["labels"] = new JsonArray([.. wanted.Select(label => (JsonNode)label)]),
            }
        );
        if (!reply.IsGood || VendorHttp.JsonOf(reply) is not JsonObject issue || IssueOf(issue, what.Ref) is not { } made)
            return Failed(to, reply);
        // Without push access they are dropped and nothing is said.
        var given = VendorHttp.List(issue, "labels").Select(label => VendorHttp.Text(label, "name")).ToList();
        var dropped = wanted.Where(label => !given.Contains(label, StringComparer.OrdinalIgnoreCase)).ToList();
        return new Remote.Found(
            dropped.Count == 0
                ? made
                : made with
                {
                    Note =
                        $"The issue is there, but without the label {string.Join(", ", dropped)}: "
                        + "the token's account lacks the right to push to the repository.",
                }
        );
    }

    public async Task<Remote> ReadAsync(DestinationInUse to, Outgoing what, string remoteId)
    {
        var reply = await SendAsync(to, HttpMethod.Get, $"{Repository(to)}/issues/{remoteId}");
        return reply.IsGood && VendorHttp.JsonOf(reply) is JsonObject issue && IssueOf(issue, what.Ref) is { } found
            ? new Remote.Found(found)
            : Failed(to, reply);
    }

    /// <summary>Title and body; the state is the tracker's own.</summary>
    public async Task<Remote> UpdateAsync(DestinationInUse to, DestinationMessage message, Outgoing what, RemoteObject current)
    {
        var reply = await SendAsync(
            to,
            HttpMethod.Patch,
            $"{Repository(to)}/issues/{current.Id}",
            new JsonObject { ["title"] = what.Title, ["body"] = what.Body }
        );
        return reply.IsGood && VendorHttp.JsonOf(reply) is JsonObject issue && IssueOf(issue, what.Ref) is { } made
            ? new Remote.Found(made)
            : Failed(to, reply);
    }

    /// <summary>The state of an issue of ours; one that moved is followed within the host.</summary>
    /// <returns>The state, or why it could not be read.</returns>
    public async Task<(IssueState? State, Remote? Failure)> StateAsync(DestinationInUse to, string number, DestinationRef reference)
    {
        var address = $"{to.BaseUrl}{Repository(to)}/issues/{number}";
        for (var hop = 0; ; hop++)
        {
            var reply = await http.SendAsync(HttpMethod.Get, address, headers => Fill(headers, to));
            if (reply.IsGood && VendorHttp.JsonOf(reply) is JsonObject issue && StateOf(issue) is { } state)
                return reference.IsIn(state.Body)
                    ? (state, null)
                    : (null, new Remote.Refused($"Issue {number} does not bear our line '{reference.Marker}', so it may be somebody else's."));
            if (reply.Status is not (301 or 302 or 307 or 308) || hop == MostHops || SameHost(address, reply.Header("Location")) is not { } next)
                return (null, Failed(to, reply));
            address = next;
        }
    }

    /// <summary>As an issue, read or told by a webhook, says it; null where it says none.</summary>
    public static IssueState? StateOf(JsonNode? issue) =>
        VendorHttp.Text(issue, "state") is { Length: > 0 } state
            ? new(
                ItemStateRule.CodeOf(state, VendorHttp.Text(issue, "state_reason")),
                DateTimeOffset.TryParse(VendorHttp.Text(issue, "updated_at"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var since)
                    ? since.ToUniversalTime()
                    : null,
                VendorHttp.Text(issue, "body") ?? ""
            )
            : null;

    private static RemoteObject? IssueOf(JsonObject issue, DestinationRef reference)
    {
        var number = VendorHttp.Text(issue, "number");
        if (number is not { Length: > 0 and <= 18 } || !number.All(char.IsAsciiDigit))
            return null;
        var body = VendorHttp.Text(issue, "body");
        return new(
            number,
            VendorHttp.Text(issue, "html_url"),
            Body: body is null ? null : Compared(VendorHttp.Text(issue, "title"), body),
            IsOurs: reference.IsIn(body ?? ""),
            State: StateOf(issue)?.Code
        );
    }

    /// <summary>Both may be edited there.</summary>
    private static string Compared(string? title, string body) => $"{title}\n{body}";

    private static string Repository(DestinationInUse to) => $"/repos/{to.Setting(DestinationField.Repository)}";

    private static List<string> LabelsOf(DestinationInUse to) =>
        [
            .. (to.Setting(DestinationField.Labels) ?? UsualLabel)
                .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(label => Text.Cut(label, MaxLabel)),
        ];

    private Task<Reply> SendAsync(DestinationInUse to, HttpMethod method, string path, JsonNode? body = null) =>
        http.SendAsync(method, to.BaseUrl + path, headers => Fill(headers, to), body);

    private static void Fill(HttpRequestHeaders headers, DestinationInUse to)
    {
        headers.Accept.ParseAdd("application/vnd.github+json");
        headers.Authorization = new AuthenticationHeaderValue("Bearer", to.Token);
        headers.Add("X-GitHub-Api-Version", ApiVersion);
    }

    /// <summary>The token never follows to another host.</summary>
    private static string? SameHost(string from, string? location) =>
        location is not null
        && Uri.TryCreate(new Uri(from), location, out var next)
        && next.GetLeftPart(UriPartial.Authority) == new Uri(from).GetLeftPart(UriPartial.Authority)
            ? next.AbsoluteUri
            : null;

    private Remote Failed(DestinationInUse to, Reply reply)
    {
        var json = VendorHttp.JsonOf(reply);
        var words = string.Join(
            ' ',
            VendorHttp
                .List(json, "errors")
                .Select(error => VendorHttp.Text(error, "message") ?? $"{VendorHttp.Text(error, "field")}: {VendorHttp.Text(error, "code")}")
                .Prepend(VendorHttp.Text(json, "message"))
                .Where(part => part is { Length: > 1 })
        );
        if (reply.NotReached is null && reply.Status is 403 or 429 && RateLimitedUntil(reply, words) is { } until)
            return new Remote.Later($"{reply.Host} asked to wait ({reply.Status}).", until, Pauses: true);
        var repository = to.Setting(DestinationField.Repository);
        return reply.NotReached is null && reply.Status is 301 or 302 or 307 or 308
                ? new Remote.Refused($"The repository {repository} has moved. Enter its new name at the destination, then send it again.", IsWhole: true)
            : reply.NotReached is null && reply.Status == 410
                ? VendorHttp.Hidden(
                    to,
                    new Remote.Refused(
                        $"Issues are switched off in {repository}, or this one was deleted (410). Turn them on there. It says: {words}",
                        IsMissing: true
                    )
                )
            : http.Failed(to, reply, words);
    }

    /// <summary>A limit is told by 403 as well as by 429; else 403 is a permission that lacks.</summary>
    private DateTimeOffset? RateLimitedUntil(Reply reply, string words)
    {
        var now = http.Now;
        if (reply.Header("retry-after") is not null)
            return reply.RetryAt(now) ?? now.AddMinutes(1);
        if (
            reply.Header("x-ratelimit-remaining") == "0"
            && long.TryParse(reply.Header("x-ratelimit-reset"), NumberStyles.None, CultureInfo.InvariantCulture, out var reset)
        )
        {
            var at = DateTimeOffset.FromUnixTimeSeconds(Math.Min(reset, now.AddDays(1).ToUnixTimeSeconds()));
            return at > now ? at : now.AddMinutes(1);
        }
        return reply.Status == 429 || words.Contains("rate limit", StringComparison.OrdinalIgnoreCase) ? now.AddMinutes(1) : null;
    }
}
