using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Timeout;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Channels;

/// <summary>The only way out for requests other than mail: guarded, limited and throttled, with failures as values.</summary>
public sealed class OutboundHttp(IHttpClientFactory clients, Throttle throttle, TimeProvider time)
{
    private const string Name = "outbound";

    /// <summary>Bytes of an answer that are read, where a request wants more than usual.</summary>
    public static readonly HttpRequestOptionsKey<int> MostOfAnswer = new("most-of-answer");

    /// <summary>A power of two.</summary>
    private const int Breakers = 1024;

    /// <summary>The time within which a receiver must have answered; the same as Statuspage's.</summary>
    private static readonly TimeSpan Total = TimeSpan.FromSeconds(30);

    /// <summary>So that a name whose address changed is looked up again.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>A host is left alone when half of at least ten requests within half a minute could not connect.</summary>
    private const int LeastRequests = 10;
    private static readonly TimeSpan Sampling = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(15);

    /// <summary>One attempt.</summary>
    /// <param name="send">Sends with the given client, and reads the answer.</param>
    public async Task<Reply> TryAsync(Channel channel, Uri to, Func<HttpClient, Task<Reply>> send)
    {
        var host = to.Host;
        // Many strangers' endpoints share one host, so a Retry-After of one endpoint applies to that one alone.
        var whoAsks = channel == Channel.Webhook ? to.AbsoluteUri : host;
        if (throttle.ClosedUntil(channel, whoAsks) is { } closed)
            return Reply.Not(new SendResult.Postpone(closed, $"{host} asked to be left alone until then."), host);
        if (throttle.Take(channel, host) is { } later)
            return Reply.Not(new SendResult.Postpone(later, $"Waiting for its turn: {host} is not sent to faster."), host);
        try
        {
            using var client = clients.CreateClient(Name);
            var reply = (await send(client)) with { Host = host };
            if (reply.Status == (int)HttpStatusCode.TooManyRequests)
                throttle.Close(channel, whoAsks, reply.RetryAt(time.GetUtcNow()) ?? time.GetUtcNow() + Break);
            return reply;
        }
        catch (Exception exception) when (Foreseen(exception, host) is { } result)
        {
            return Reply.Not(result, host);
        }
    }

    public Task<Reply> SendAsync(Channel channel, HttpRequestMessage request) =>
        TryAsync(
            channel,
            request.RequestUri!,
            async client =>
            {
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead);
                return await Reply.ReadAsync(response);
            }
        );

    /// <summary>Null for an unexpected exception.</summary>
    private SendResult.NotSent? Foreseen(Exception exception, string host)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case RefusedAddressException refused:
                    return new SendResult.GiveUp(refused.Message);
                case BrokenCircuitException:
                    // It was not sent, so it does not count as an attempt.
                    return new SendResult.Postpone(
                        time.GetUtcNow() + Break,
                        $"{host} could not be reached several times in a row, so it is left alone for a moment."
                    );
                case TimeoutRejectedException or OperationCanceledException:
                    return new SendResult.TryAgain($"{host} did not answer within {Total.TotalSeconds:N0} seconds.");
                case AuthenticationException:
                    return new SendResult.TryAgain($"No secure connection to {host}: its certificate or its TLS was not accepted.");
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }:
                    return new SendResult.TryAgain($"The name {host} could not be resolved.");
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return new SendResult.TryAgain($"{host} refused the connection.");
                case SocketException { SocketErrorCode: var code }:
                    return new SendResult.TryAgain($"{host} could not be reached ({code}).");
            }
        }
        return exception is HttpRequestException or HttpIOException or IOException
            ? new SendResult.TryAgain($"The connection to {host} broke before an answer came.")
            : null;
    }

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<OutboundGuard>();
        services.AddSingleton<OutboundHttp>();
        var builder = services
            .AddHttpClient(Name)
            .ConfigureHttpClient(
                (provider, client) =>
                {
                    // The pipeline's own limit comes first.
                    client.Timeout = Total * 2;
                    client.DefaultRequestHeaders.UserAgent.ParseAdd($"StatusPage (+{provider.GetRequiredService<PublicAddresses>().First.Root})");
                }
            )
            .ConfigurePrimaryHttpMessageHandler(provider => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.None,
                PooledConnectionLifetime = ConnectionLifetime,
                ConnectCallback = provider.GetRequiredService<OutboundGuard>().ConnectAsync,
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // Addresses are secrets here, so nothing is logged.
            .RemoveAllLoggers();
        // No retries: the ledger owns them. Retries in here would outlast the lease, and the ledger would count one attempt where there were three.
        builder
            .AddResilienceHandler(
                Name,
                (pipeline, context) =>
                {
                    pipeline.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
                    pipeline
                        .AddCircuitBreaker(
                            new HttpCircuitBreakerStrategyOptions
                            {
                                MinimumThroughput = LeastRequests,
                                SamplingDuration = Sampling,
                                BreakDuration = Break,
                                FailureRatio = 0.5,
                                ShouldHandle = IsNobodyThere,
                            }
                        )
                        .AddTimeout(Total);
                }
            )
            .SelectPipelineBy(_ => request => BreakerOf(request.RequestUri!));
        builder.AddHttpMessageHandler(() => new Bounded());
    }

    /// <summary>
    /// Assigns a host to one of a fixed number of breakers. Strangers name the hosts, and a breaker is never removed, so there cannot be one for each
    /// host. Each process assigns hosts differently, so that nobody can aim at another's breaker.
    /// </summary>
    private static string BreakerOf(Uri to) =>
        (to.Authority.GetHashCode(StringComparison.Ordinal) & Breakers - 1).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether the host cannot be connected to. One of many endpoints on it that hangs or answers with an error does not count.</summary>
    private static ValueTask<bool> IsNobodyThere(CircuitBreakerPredicateArguments<HttpResponseMessage> args) =>
        ValueTask.FromResult(
            args.Outcome.Exception
                is HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,
                    InnerException: not RefusedAddressException
                }
        );

    /// <summary>Reads only as much of an answer as is needed, within the time limit.</summary>
    private sealed class Bounded : DelegatingHandler
    {
        private const int Most = 64 * 1024;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            var most = request.Options.TryGetValue(MostOfAnswer, out var wanted) ? wanted : Most;
            var buffer = new byte[Most];
            using var read = new MemoryStream();
            await using (var stream = await response.Content.ReadAsStreamAsync(cancellationToken))
                while (
                    read.Length < most
                    && await stream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(Most, most - read.Length)), cancellationToken) is > 0 and var length
                )
                    read.Write(buffer, 0, length);
            var content = new ByteArrayContent(read.GetBuffer(), 0, (int)read.Length);
            content.Headers.ContentType = response.Content.Headers.ContentType;
            response.Content.Dispose();
            response.Content = content;
            return response;
        }
    }
}
