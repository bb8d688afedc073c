using System.Text.Json;

namespace StatusPage.Web.StatusApi;

/// <summary>Errors of both APIs: JSON with a message, under the two names that Statuspage's clients look for.</summary>
public static class ApiErrors
{
    public static bool IsApi(PathString path) => path.StartsWithSegments("/v1") || path.StartsWithSegments("/api");

    public static async Task WriteAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(JsonSerializer.Serialize(new { message, error = message }, JsonSerializerOptions.Web), context.RequestAborted);
    }

    public static IResult Result(int status, string message) => Results.Json(new { message, error = message }, statusCode: status);
}
