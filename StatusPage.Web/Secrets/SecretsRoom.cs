using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Secrets;

public static partial class SecretsRoom
{
    /// <summary>Keys for cookies, links and stored secrets, in the store so that all nodes share them.</summary>
    public static void AddSecrets(this IServiceCollection services, Settings settings)
    {
        services.AddDataProtection().SetApplicationName("StatusPage").PersistKeysToDbContext<StatusDb>();
        if (settings.Secrets.Present is { } key)
            services.Configure<KeyManagementOptions>(options => options.XmlEncryptor = new KeyLock(key));
        services.AddSingleton<LinkKeys>();
        services.AddScoped<StoredKeys>();
    }

    /// <summary>Encrypts secrets that lie in clear in the store, before anything else in it is used.</summary>
    /// <exception cref="SettingException">The settings cannot decrypt what is encrypted there.</exception>
    public static async Task PrepareSecretsAsync(this IServiceProvider services, CancellationToken cancel)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SecretsRoom));
        await services.GetRequiredService<StoredKeys>().CloseAsync(cancel);
        if (services.GetRequiredService<Settings>().Secrets.Present is null)
            Log.Open(logger);
        var links = services.GetRequiredService<LinkKeys>();
        links.Prepare();
        foreach (var page in await links.CloseAllAsync(services.GetRequiredService<StatusDb>(), cancel))
            Log.Lost(logger, page.Id.Value);
    }

    private static partial class Log
    {
        [LoggerMessage(
            150,
            LogLevel.Warning,
            "The keys that protect secrets lie unencrypted in the database beside them. Set Secrets:CertificateFile or Secrets:KeyFile; "
                + "docs/security.md says how."
        )]
        public static partial void Open(ILogger logger);

        [LoggerMessage(
            151,
            LogLevel.Error,
            "The link key of page {Page} could not be opened by any key in the database, so the page has a new one. "
                + "Links in mails that were sent before do not work any more."
        )]
        public static partial void Lost(ILogger logger, string page);
    }
}
