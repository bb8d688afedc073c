using Microsoft.AspNetCore.HttpOverrides;
using StatusPage.Web.Data;
using StatusPage.Web.Secrets;
using StatusPage.Web.Shared;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Hosting;

/// <summary>The base of every room: settings, logs, the store, keys, limits, and the order of the pipeline.</summary>
public static partial class HostingSetup
{
    /// <summary>Bytes of a request; the longest allowed body, four times over for its encoding, and room for the rest.</summary>
    private const long MaxRequestBody = 1024 * 1024;

    /// <summary>Longer than the 30 s that a mail server may take to answer, so that workers finish and record what they began.</summary>
    private static readonly TimeSpan ShutdownWithin = TimeSpan.FromSeconds(45);

    /// <param name="options">What a command accepts besides settings.</param>
    public static Settings AddHosting(this WebApplicationBuilder builder, IReadOnlyCollection<string> options)
    {
        SettingNames.Check(builder.Configuration, options);
        builder.AddLogs();
        var settings = Settings.Read(builder.Configuration);
        builder.Services.AddSingleton(DataFolder.Prepare(settings.DataDirectory));
        if (
            builder.Configuration["urls"] is null
            && builder.Configuration["http_ports"] is null
            && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists()
        )
            builder.WebHost.UseUrls(Settings.DefaultUrl);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxRequestBody;
        });
        builder.Services.Configure<HostOptions>(host =>
        {
            host.ShutdownTimeout = ShutdownWithin;
            host.ServicesStopConcurrently = true;
            // The last net: the program keeps showing the page, whatever else has ended.
            host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        });
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<PublicAddresses>();
        builder.Services.AddSingleton(_ => Node.In(settings.DataDirectory));
        builder.Services.AddSingleton<WorkerHealth>();
        builder.Services.AddSingleton<WorkerTools>();
        // Comes before the keys, which lie in the store and are read at the start.
        builder.Services.AddStore(settings);
        builder.Services.AddSecrets(settings);
        builder.Services.AddSingleton<SharedRedis>();
        builder.Services.AddSingleton<Counts>();
        builder.Services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = CookieNames.Form(settings);
            antiforgery.Cookie.Path = "/";
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = SecurePolicy(settings);
        });
        if (settings.TrustedProxies.Count > 0)
        {
            builder.Services.Configure<ForwardedHeadersOptions>(forwarded =>
            {
                forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
                forwarded.ForwardLimit = null;
                forwarded.KnownProxies.Clear();
                forwarded.KnownIPNetworks.Clear();
                foreach (var network in settings.TrustedProxies)
                    forwarded.KnownIPNetworks.Add(network);
            });
        }
        return settings;
    }

    /// <summary>
    /// Removes the service that reads the keys from the store before the server listens: the first form that is requested can do that. It is called last,
    /// since several parts of ASP.NET Core add it again.
    /// </summary>
    public static void LeaveKeysForLater(this IServiceCollection services)
    {
        foreach (var early in services.Where(service => service.ImplementationType?.Name == "DataProtectionHostedService").ToList())
            services.Remove(early);
    }

    public static void UseHosting(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<Settings>();
        app.UseKnownMethods();
        if (settings.TrustedProxies.Count > 0)
            app.UseForwardedHeaders();
        // Visitors come by https then, whether or not the proxy that ends it says so; otherwise secure cookies would be refused.
        if (settings.IsHttps)
        {
            app.Use(
                (context, next) =>
                {
                    context.Request.Scheme = Uri.UriSchemeHttps;
                    return next(context);
                }
            );
        }
        // By now the public page is served, maybe from disk, and probes need no store; everything else does.
        var store = app.Services.GetRequiredService<StoreState>();
        app.Use(
            async (context, next) =>
            {
                if (!context.Request.Path.StartsWithSegments("/healthz"))
                    await store.Asked.WaitAsync(context.RequestAborted);
                await next(context);
            }
        );
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Markdown));
        Markdown.NotRendered = exception => Log.NotRendered(logger, exception);
        if (app.Services.GetRequiredService<DataFolder>().Trouble is { } trouble)
            Log.Readable(logger, trouble);
        app.UseSecurityHeaders();
        app.UseExceptionHandler(Failures.Handle);
        app.UseReadableBodies();
        app.UseMissingPages();
        app.UseApiWithoutSuffix();
        app.UseHead();
        app.UseRouting();
        app.UseOwnOrigins();
        app.UseWholeWrites();
        app.UseMiddleware<Limits>();
        app.UsePageOfKey();
        app.UseAuthentication();
        app.UseAuthorization();
    }

    /// <summary>
    /// Whatever answers GET answers HEAD (RFC 9110, section 9.3.2). The server itself, which knows what was asked, leaves the content out.
    /// </summary>
    private static void UseHead(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                if (HttpMethods.IsHead(context.Request.Method))
                    context.Request.Method = HttpMethods.Get;
                return next(context);
            }
        );

    /// <summary>Completes and answers a write even if its sender has disconnected, since they will ask what became of it.</summary>
    private static void UseWholeWrites(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                if (Origins.IsUnsafe(context.Request))
                    context.RequestAborted = CancellationToken.None;
                return next(context);
            }
        );

    private static partial class Log
    {
        [LoggerMessage(131, LogLevel.Error, "A text in Markdown could not be rendered and is shown as it was typed.")]
        public static partial void NotRendered(ILogger logger, Exception exception);

        [LoggerMessage(132, LogLevel.Warning, "Other users of this machine may read what the program writes: {Trouble}")]
        public static partial void Readable(ILogger logger, string trouble);
    }

    public static CookieSecurePolicy SecurePolicy(Settings settings) => settings.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
}
