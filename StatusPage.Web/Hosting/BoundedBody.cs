using Microsoft.AspNetCore.Http.Features;

namespace StatusPage.Web.Hosting;

/// <summary>Reads the raw bytes of a request that must not be longer than so many.</summary>
public static class BoundedBody
{
    /// <summary>Bytes that are read at all. What is beyond the limit is let go: a sender that is still writing would not see the answer.</summary>
    private const long MostRead = 16 * 1024 * 1024;

    /// <returns>Null when the body is longer.</returns>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int most, CancellationToken cancel)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = MostRead;
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        var total = 0L;
        while (await request.Body.ReadAsync(buffer, cancel) is > 0 and var read)
            if ((total += read) <= most)
                body.Write(buffer, 0, read);
        return total > most ? null : body.ToArray();
    }
}
