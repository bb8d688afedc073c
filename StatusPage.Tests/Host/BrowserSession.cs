using System.Net;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace StatusPage.Tests.Host;

/// <summary>A browser without JavaScript: keeps cookies, follows redirects, fills in forms as they are on the page.</summary>
public sealed class BrowserSession : IDisposable
{
    private const int MostRedirects = 10;

    private readonly HttpClient _http;

    public BrowserSession(Uri address)
    {
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = Cookies }) { BaseAddress = address };
        Location = address;
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>The browser's address as a proxy reports it; null for this machine.</summary>
    public string? From { get; set; }

    /// <summary>The address of the page that is shown.</summary>
    public Uri Location { get; private set; }

    /// <summary>The status of the page that is shown.</summary>
    public HttpStatusCode Status { get; private set; }

    public Task<IHtmlDocument> GetAsync(string path) => GoAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(_http.BaseAddress!, path)));

    /// <summary>Opens a page and sends its only form, or the one that the selector finds.</summary>
    public async Task<IHtmlDocument> FillInAsync(string path, object values, string form = "form[method=post]")
    {
        var page = await GetAsync(path);
        return await SubmitAsync(
            page.QuerySelector<IHtmlFormElement>(form) ?? throw new InvalidOperationException($"{path} has no {form}: {page.Body?.TextContent}"),
            values
        );
    }

    /// <summary>
    /// Sends a form with everything that a browser would send: hidden fields and the values already filled in or chosen. The given values replace those.
    /// </summary>
    /// <param name="values">
    /// An anonymous object or a dictionary; a name that C# does not allow needs the dictionary. A null leaves a field out; an array sends several; bytes are a
    /// file.
    /// </param>
    /// <param name="button">The name and value of the pressed button, if it has any.</param>
    public async Task<IHtmlDocument> SubmitAsync(IHtmlFormElement form, object values, (string Name, string Value)? button = null)
    {
        var given =
            values as IReadOnlyDictionary<string, object?>
            ?? values.GetType().GetProperties().ToDictionary(property => property.Name, property => property.GetValue(values));
        var fields = FieldsOf(form).Where(field => !given.ContainsKey(field.Key)).ToList();
        foreach (var (name, value) in given)
        {
            if (value is null or byte[])
                continue;
            if (value is not string && value is System.Collections.IEnumerable several)
                fields.AddRange(
                    several
                        .Cast<object>()
                        .Select(one => KeyValuePair.Create(name, Convert.ToString(one, System.Globalization.CultureInfo.InvariantCulture)!))
                );
            else
                fields.Add(KeyValuePair.Create(name, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!));
        }
        if (button is { } pressed)
            fields.Add(KeyValuePair.Create(pressed.Name, pressed.Value));
        var action = new Uri(Location, form.GetAttribute("action") ?? "");
        var files = given.Where(pair => pair.Value is byte[]).ToList();
        using HttpContent content = files.Count == 0 ? new FormUrlEncodedContent(fields) : Multipart(fields, files);
        return await (
            string.Equals(form.Method, "post", StringComparison.OrdinalIgnoreCase)
                ? GoAsync(
                    new HttpRequestMessage(HttpMethod.Post, action)
                    {
                        Content = content,
                        Headers = { { "Origin", Location.GetLeftPart(UriPartial.Authority) } },
                    }
                )
                : GoAsync(new HttpRequestMessage(HttpMethod.Get, new UriBuilder(action) { Query = await content.ReadAsStringAsync() }.Uri))
        );
    }

    private static MultipartFormDataContent Multipart(List<KeyValuePair<string, string>> fields, List<KeyValuePair<string, object?>> files)
    {
        var content = new MultipartFormDataContent();
        foreach (var (name, value) in fields)
            content.Add(new StringContent(value), name);
        foreach (var (name, bytes) in files)
            content.Add(new ByteArrayContent((byte[])bytes!), name, "picture.png");
        return content;
    }

    /// <summary>What an address answers that is no page.</summary>
    public async Task<(HttpStatusCode Status, string Text)> ReadAsync(string path)
    {
        using var response = await _http.GetAsync(new Uri(_http.BaseAddress!, path));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => _http.Dispose();

    private async Task<IHtmlDocument> GoAsync(HttpRequestMessage request)
    {
        for (var redirects = 0; ; redirects++)
        {
            if (From is not null)
                request.Headers.Add("X-Forwarded-For", From);
            using var response = await _http.SendAsync(request);
            (Location, Status) = (request.RequestUri!, response.StatusCode);
            if (response.Headers.Location is not { } next || (int)response.StatusCode is < 300 or > 399)
                return await Parse(await response.Content.ReadAsStringAsync());
            Assert.True(redirects < MostRedirects, $"{Location} leads in circles.");
            request = new HttpRequestMessage(HttpMethod.Get, new Uri(Location, next));
        }
    }

    private static async Task<IHtmlDocument> Parse(string html) =>
        await new HtmlParser(default, BrowsingContext.New(Configuration.Default)).ParseDocumentAsync(html);

    private static IEnumerable<KeyValuePair<string, string>> FieldsOf(IHtmlFormElement form)
    {
        foreach (var element in form.Elements)
        {
            if (element.HasAttribute("disabled"))
                continue;
            switch (element)
            {
                case IHtmlInputElement { Type: "submit" or "button" or "image" or "reset" or "file" }
                or IHtmlInputElement { Type: "checkbox" or "radio", IsChecked: false }:
                    break;
                case IHtmlInputElement { Name.Length: > 0 } input:
                    yield return KeyValuePair.Create(input.Name, input.Value);
                    break;
                case IHtmlTextAreaElement { Name.Length: > 0 } area:
                    yield return KeyValuePair.Create(area.Name, area.Value);
                    break;
                case IHtmlSelectElement { Name.Length: > 0 } select:
                    foreach (var option in select.SelectedOptions)
                        yield return KeyValuePair.Create(select.Name, option.Value);
                    break;
                default:
                    break;
            }
        }
    }
}
