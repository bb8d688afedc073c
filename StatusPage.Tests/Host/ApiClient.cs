using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using StatusPage.Domain;

namespace StatusPage.Tests.Host;

/// <summary>An answer of the API: its status and its JSON.</summary>
public sealed record ApiAnswer(HttpStatusCode Status, JsonElement Json, HttpResponseMessage Response)
{
    public string? Text(string name) => Json.GetProperty(name).GetString();

    public string Id => Text("id")!;

    public ApiAnswer Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {(int)status}, got {(int)Status}: {Json}");
        return this;
    }

    /// <summary>JSON with a message, under both names that clients look for.</summary>
    public void ExpectError(HttpStatusCode status)
    {
        Expect(status);
        Assert.False(string.IsNullOrWhiteSpace(Text("message")));
        Assert.Equal(Text("message"), Text("error"));
        Assert.Equal("application/json; charset=utf-8", Response.Content.Headers.ContentType?.ToString());
    }
}

/// <summary>A program with a key, talking to /v1/pages/{page}/….</summary>
public sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    private readonly string _at;

    /// <param name="at">A page's path, put in front of the address of every call. It may be another page than the key's.</param>
    public ApiClient(HttpClient http, PageId page, string? key, string at = "")
    {
        _http = http;
        _at = at;
        Page = page;
        Key = key;
        if (key is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("OAuth", key);
    }

    public PageId Page { get; }
    public string? Key { get; }

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<ApiAnswer> PostAsync(string path, object body, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, JsonContent.Create(body), idempotencyKey);

    public Task<ApiAnswer> PatchAsync(string path, object body) => SendAsync(HttpMethod.Patch, path, JsonContent.Create(body));

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<ApiAnswer> SendTextAsync(HttpMethod method, string path, string body) =>
        SendAsync(method, path, new StringContent(body, Encoding.UTF8, "application/json"));

    public Task<string> RawAsync(string path) => _http.GetStringAsync(path);

    /// <summary>POST incidents, with the values of the guide's example unless others are given.</summary>
    public async Task<ApiAnswer> OpenIncidentAsync(object? incident = null) =>
        (await PostAsync("incidents", new { incident = incident ?? new { name = "Elevated error rates", body = "We are investigating." } })).Expect(
            HttpStatusCode.Created
        );

    /// <param name="path">Below the page; with a slash in front, from the root.</param>
    /// <param name="idempotencyKey">Null sends none.</param>
    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : $"{_at}/v1/pages/{Page}/{path}") { Content = content };
        if (idempotencyKey is not null)
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        var response = await _http.SendAsync(request);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new(response.StatusCode, bytes.Length == 0 ? default : JsonDocument.Parse(bytes).RootElement, response);
    }

    public void Dispose() => _http.Dispose();
}
