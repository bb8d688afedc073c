using System.Net;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace StatusPage.Tests.Host;

/// <summary>An answer of the application.</summary>
public sealed record DirectAnswer(int Status, IHeaderDictionary Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>
/// The application without a web server in front of it: requests go straight in. A hundred thousand take as long as some thousands over sockets.
/// </summary>
public static class DirectServer
{
    public static Task<AppHost> StartDirectAsync(params string[] args) =>
        AppHost.StartAsync(
            null,
            builder =>
                builder.Services.AddSingleton<IServer>(services =>
                {
                    var features = new FeatureCollection();
                    features.Set<IServerAddressesFeature>(new ServerAddressesFeature());
                    features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Add("http://127.0.0.1:80");
                    return new TestServer(services, features);
                }),
            args
        );

    /// <param name="target">Path and query, as they stand in a request.</param>
    /// <param name="keeps">Whether the body of the answer is read.</param>
    /// <param name="aborted">Whether the client has gone already.</param>
    public static async Task<DirectAnswer> SendDirectAsync(
        this AppHost app,
        string method,
        string target,
        IEnumerable<(string Name, string Value)>? headers = null,
        byte[]? body = null,
        IPAddress? from = null,
        bool keeps = true,
        bool aborted = false
    )
    {
        var server = (TestServer)app.Services.GetRequiredService<IServer>();
        var end = target.IndexOf('?', StringComparison.Ordinal);
        var context = await server.SendAsync(context =>
        {
            var request = context.Request;
            (request.Method, request.Scheme, request.Host) = (method, "http", new("127.0.0.1"));
            request.Path = PathString.FromUriComponent(end < 0 ? target : target[..end]);
            request.QueryString = new(end < 0 ? "" : target[end..]);
            if (body is not null)
                (request.Body, request.ContentLength) = (new MemoryStream(body), body.Length);
            foreach (var (name, value) in headers ?? [])
                request.Headers[name] = value;
            context.Connection.RemoteIpAddress = from ?? IPAddress.Loopback;
            if (aborted)
                context.RequestAborted = new(canceled: true);
        });
        await using var answer = context.Response.Body;
        using var kept = new MemoryStream();
        await answer.CopyToAsync(kept);
        return new(context.Response.StatusCode, context.Response.Headers, keeps ? kept.ToArray() : []);
    }
}
