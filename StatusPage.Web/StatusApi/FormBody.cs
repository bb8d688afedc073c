using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.StatusApi;

/// <summary>
/// Bodies as HTML forms send them, which Statuspage takes beside JSON:
/// <c>incident[name]=x&amp;incident[components][ID]=operational&amp;incident[component_ids][]=ID</c>. They become what the same body is in JSON.
/// </summary>
internal static partial class FormBody
{
    /// <summary>Fields; more than any request needs.</summary>
    private const int MostFields = 1_000;

    public static async Task<JsonObject> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        IFormCollection form;
        try
        {
            form = await request.ReadFormAsync(cancel);
        }
        catch (Exception exception) when (UnreadableForm.Is(request.HttpContext, exception))
        {
            throw new ApiException(StatusCodes.Status400BadRequest, $"The form cannot be read: {exception.Message}");
        }
        if (form.Count > MostFields)
            throw new ApiException(StatusCodes.Status400BadRequest, $"The form has {form.Count} fields; {MostFields} are taken.");
        var root = new JsonObject();
        foreach (var (key, values) in form)
        {
            if (Key().Match(key) is not { Success: true })
                throw new ApiException(
                    StatusCodes.Status400BadRequest,
                    $"'{key}' is no name of a field. Write incident[name], incident[component_ids][] and the like."
                );
            string[] path = [.. key.Split('[').Select(part => part.TrimEnd(']'))];
            Put(root, path, values.Select(value => value ?? "").ToList(), key);
        }
        return root;
    }

    private static void Put(JsonObject into, string[] path, List<string> values, string key)
    {
        var at = into;
        for (var i = 0; i < path.Length - 1; i++)
        {
            if (path[i + 1].Length == 0)
            {
                if (at[path[i]] is not JsonArray list)
                    at[path[i]] = list = [];
                foreach (var value in values)
                    list.Add(JsonValue.Create(value));
                return;
            }
            at[path[i]] ??= new JsonObject();
            at = at[path[i]] as JsonObject ?? throw new ApiException(StatusCodes.Status400BadRequest, $"'{key}' contradicts a field before it.");
        }
        at[path[^1]] = JsonValue.Create(values[^1]);
    }

    [GeneratedRegex(@"^[A-Za-z_][\w.-]{0,60}(\[[\w.-]{0,60}\]){0,3}\z", RegexOptions.NonBacktracking)]
    private static partial Regex Key();
}
