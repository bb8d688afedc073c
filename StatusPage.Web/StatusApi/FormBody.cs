using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.StatusApi;

/// <summary>
/// Bodies as HTML forms send them, which Statuspage takes beside JSON:
/// <c>incident[name]=x&amp;incident[components][ID]=operational&amp;incident[component_ids][]=ID&amp;data[ID][][value]=1</c>. They become what the same
/// body is in JSON. What <c>curl -d '{…}'</c> sends is JSON that calls itself a form.
/// </summary>
internal static partial class FormBody
{
    /// <summary>Names of fields; more than any request needs.</summary>
    private const int MostFields = 1_000;

    /// <summary>Values of all fields: 3,000 values of metrics, each with its time.</summary>
    private const int MostValues = 8_000;

    /// <param name="parse">Reads JSON.</param>
    public static async Task<JsonElement> ReadAsync(HttpRequest request, Func<string, JsonElement> parse, CancellationToken cancel)
    {
        try
        {
            if (!IsPlain(request))
                return JsonSerializer.SerializeToElement(Tree(await request.ReadFormAsync(cancel)));
            // RFC 8259, section 8.1: UTF-8. What is no UTF-8 is refused, since it would become other text.
            using var reader = new StreamReader(request.Body, new UTF8Encoding(false, throwOnInvalidBytes: true), leaveOpen: true);
            var text = await reader.ReadToEndAsync(cancel);
            if (text.AsSpan().TrimStart() is ['{' or '[', ..])
                return parse(text);
            using var fields = new FormReader(text) { ValueCountLimit = MostValues };
            return JsonSerializer.SerializeToElement(Tree(await fields.ReadFormAsync(cancel)));
        }
        catch (Exception exception) when (exception is not BadHttpRequestException && UnreadableForm.Is(request.HttpContext, exception))
        {
            throw new ApiException(StatusCodes.Status400BadRequest, $"The form cannot be read: {exception.Message}");
        }
    }

    /// <summary>Whether it is no multipart form, and in UTF-8.</summary>
    private static bool IsPlain(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && type.MediaType.Equals("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
        && type.Encoding is null or UTF8Encoding;

    private static JsonObject Tree(IEnumerable<KeyValuePair<string, StringValues>> form)
    {
        var root = new JsonObject();
        var count = 0;
        foreach (var (key, values) in form)
        {
            if (++count > MostFields)
                throw new ApiException(StatusCodes.Status400BadRequest, $"The form has more fields than {MostFields}, which are taken.");
            if (Key().Match(key) is not { Success: true })
                throw new ApiException(
                    StatusCodes.Status400BadRequest,
                    $"'{key}' is no name of a field. Write incident[name], incident[component_ids][] and the like."
                );
            string[] path = [.. key.Split('[').Select(part => part.TrimEnd(']'))];
            Put(root, path, values.Select(value => value ?? "").ToList(), key);
        }
        RefuseUneven(root);
        return root;
    }

    private static void Put(JsonObject into, string[] path, List<string> values, string key)
    {
        var at = into;
        for (var i = 0; i < path.Length - 1; i++)
        {
            if (path[i + 1].Length == 0)
            {
                if (path.Length > i + 3 || (at[path[i]] ??= new JsonArray()) is not JsonArray list)
                    throw Contradicts(key);
                if (path.Length == i + 2)
                    foreach (var value in values)
                        list.Add(JsonValue.Create(value));
                else
                    Spread(list, path[i + 2], values, key);
                return;
            }
            at[path[i]] ??= new JsonObject();
            at = at[path[i]] as JsonObject ?? throw Contradicts(key);
        }
        at[path[^1]] = JsonValue.Create(values[^1]);
    }

    /// <summary>
    /// <c>data[ID][][timestamp]=1&amp;data[ID][][value]=2&amp;data[ID][][timestamp]=3&amp;…</c>: the first of each name belong to the first object, the
    /// second to the second.
    /// </summary>
    private static void Spread(JsonArray list, string name, List<string> values, string key)
    {
        for (var i = 0; i < values.Count; i++)
        {
            if (i == list.Count)
                list.Add(new JsonObject());
            (list[i] as JsonObject ?? throw Contradicts(key))[name] = JsonValue.Create(values[i]);
        }
    }

    /// <summary>Where one object of a list lacks a field, a form does not say which.</summary>
    private static void RefuseUneven(JsonNode node)
    {
        if (node is JsonArray list)
        {
            if (list.OfType<JsonObject>().Select(one => one.Count).Distinct().Skip(1).Any())
                throw new ApiException(
                    StatusCodes.Status400BadRequest,
                    "A list of the form has objects of which some lack a field, so it is not known which. Give each of them all fields, or send JSON."
                );
        }
        else if (node is JsonObject fields)
            foreach (var (_, child) in fields)
                if (child is not null)
                    RefuseUneven(child);
    }

    private static ApiException Contradicts(string key) => new(StatusCodes.Status400BadRequest, $"'{key}' contradicts a field before it.");

    [GeneratedRegex(@"^[A-Za-z_][\w.-]{0,60}(\[[\w.-]{0,60}\]){0,3}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Key();
}
