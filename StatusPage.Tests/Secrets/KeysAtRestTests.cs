using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StatusPage.Tests.Host;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Tests.Secrets;

/// <summary>The database alone reveals none of the keys in it.</summary>
public sealed class KeysAtRestTests(PostgresServer server) : IDisposable
{
    private const string Clear = "<value>";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Ways =>
        new()
        {
            { "Secrets:KeyFile", "key" },
            { "Secrets:CertificateFile", "pem" },
            { "Secrets:CertificateFile", "pfx" },
            { "Secrets:CertificateFile", "encrypted.pem" },
        };

    [Theory]
    [MemberData(nameof(Ways))]
    public Task Keys_are_encrypted_by_what_is_set_those_of_before_too_and_go_over_to_the_next(string setting, string kind) =>
        ChangeAsync(setting, kind, []);

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task And_on_postgresql(string setting, string kind) =>
        await ChangeAsync(setting, kind, ["--ConnectionStrings:Postgres", await server.CreateDatabaseAsync()]);

    private async Task ChangeAsync(string setting, string kind, string[] store)
    {
        var secret = "";
        // The state without the setting.
        await StartAsync(
            async app =>
            {
                secret = Protect(app);
                Assert.Contains(Clear, await KeysAsync(app), StringComparison.Ordinal);
            },
            store
        );
        var (first, second) = (Make(kind), Make(kind));
        string[] Set(string now) =>
            [.. store, $"--{setting}", now, "--Secrets:CertificatePassword", kind is "pfx" or "encrypted.pem" ? "correct horse" : ""];
        await StartAsync(
            async app =>
            {
                Assert.DoesNotContain(Clear, await KeysAsync(app), StringComparison.Ordinal);
                Assert.Equal("secret", Unprotect(app, secret));
            },
            Set(first)
        );
        var before = "";
        await StartAsync(async app => before = await KeysAsync(app), Set(first));
        // The next key alone opens nothing; with the former key named, everything is moved to the next.
        await RefusedAsync(Set(second));
        await StartAsync(
            async app =>
            {
                Assert.NotEqual(before, await KeysAsync(app));
                Assert.Equal("secret", Unprotect(app, secret));
            },
            [.. Set(second), setting == "Secrets:KeyFile" ? "--Secrets:PreviousKeyFiles" : "--Secrets:PreviousCertificateFiles", first]
        );
        await StartAsync(app => Task.FromResult(Unprotect(app, secret)), Set(second));
        await RefusedAsync(store);
    }

    [Fact]
    public async Task A_key_file_takes_over_from_a_certificate()
    {
        var (certificate, key) = (Make("pem"), Make("key"));
        var secret = "";
        await StartAsync(app => Task.FromResult(secret = Protect(app)), ["--Secrets:CertificateFile", certificate]);
        await StartAsync(app => Task.FromResult(Unprotect(app, secret)), ["--Secrets:KeyFile", key, "--Secrets:PreviousCertificateFiles", certificate]);
        await StartAsync(app => Task.FromResult(Unprotect(app, secret)), ["--Secrets:KeyFile", key]);
    }

    [Theory]
    [InlineData("Secrets:KeyFile", "missing")]
    [InlineData("Secrets:KeyFile", "short")]
    [InlineData("Secrets:CertificateFile", "missing")]
    [InlineData("Secrets:CertificateFile", "short")]
    [InlineData("Secrets:CertificateFile", "alone.pem")]
    [InlineData("Secrets:CertificateFile", "locked.pfx")]
    [InlineData("Secrets:PreviousCertificateFiles", "missing")]
    [InlineData("Secrets:PreviousKeyFiles", "short")]
    public void A_file_that_cannot_be_used_is_one_line(string setting, string file)
    {
        File.WriteAllText(_folder.File("short"), Convert.ToBase64String(new byte[16]));
        using var certificate = Certificate();
        File.WriteAllText(_folder.File("alone.pem"), certificate.ExportCertificatePem());
        File.WriteAllBytes(_folder.File("locked.pfx"), certificate.Export(X509ContentType.Pfx, "another"));
        var refused = Assert.Throws<SettingException>(() =>
            Web.Program.Build(["--DataDirectory", _folder.Path, $"--{setting}", _folder.File(file), "--Secrets:CertificatePassword", "correct horse"])
        );
        Assert.StartsWith($"Setting {setting} is '{_folder.File(file)}'. Allowed: ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("correct horse", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task Without_any_the_start_says_so_once_and_a_wrong_one_ends_it_with_code_1()
    {
        string[] told = ["--Log:Level", "Warning"];
        await StartAsync(
            async app =>
            {
                await Eventually.TrueAsync("it is said", () => app.Logged.Any(IsWarning));
                Protect(app);
                Assert.Single(app.Logged, IsWarning);
            },
            told
        );
        await StartAsync(
            app =>
            {
                Protect(app);
                Assert.DoesNotContain(app.Logged, IsWarning);
                return Task.CompletedTask;
            },
            [.. told, "--Secrets:KeyFile", Make("key")]
        );
        var (code, output) = await AppCommand.RunAsync("--urls", "http://127.0.0.1:0", "--DataDirectory", _folder.Path, "--Secrets:KeyFile", Make("key"));
        Assert.True(code == 1 && output.Contains("Setting Secrets:CertificateFile / Secrets:KeyFile is", StringComparison.Ordinal), output);

        static bool IsWarning(string line) => line.Contains("lie unencrypted in the database", StringComparison.Ordinal);
    }

    [Fact]
    [Logs(151)]
    public async Task The_key_of_a_page_lies_encrypted_in_the_store_and_its_links_stay_good()
    {
        var (id, token) = (default(Domain.SubscriberId), "");
        await StartAsync(async app =>
        {
            var subscriber = await app.SubscriberAsync("ann@customer.example");
            id = subscriber.Id;
            var page = await app.PageAsync();
            token = SignedLink.TokenFor(SignedLinkPurpose.Manage, id, page.LinkKey);
            Assert.Equal(32, page.LinkKey.Length);
            // The format of earlier stores.
            await app.InStoreAsync(db => db.Database.ExecuteSqlRawAsync("""UPDATE "Pages" SET "LinkKey" = {0}""", page.LinkKey));
        });
        await StartAsync(async app =>
        {
            var stored = await app.InStoreAsync(db => db.Database.SqlQueryRaw<byte[]>("""SELECT "LinkKey" AS "Value" FROM "Pages" """).SingleAsync());
            var page = await app.PageAsync();
            Assert.True(stored.Length > 32 && stored.AsSpan().IndexOf(page.LinkKey) < 0);
            Assert.Equal(id, SignedLink.Read(SignedLinkPurpose.Manage, token, page.LinkKey));
            using var browser = app.NewBrowser();
            Assert.Equal(
                "ann@customer.example",
                (await browser.GetAsync($"/subscribe/manage/{token}")).Body!.TextContent is var text
                && text.Contains("ann@customer.example", StringComparison.Ordinal)
                    ? "ann@customer.example"
                    : text
            );
            var second = await app.AddPageAsync("Beside", "beside");
            Assert.NotEqual(page.LinkKey, (await app.InStoreAsync(db => db.Pages.AsNoTracking().SingleAsync(row => row.Id == second.Id))).LinkKey);
            // Deletes all that could decrypt it.
            await app.InStoreAsync(db => db.DataProtectionKeys.ExecuteDeleteAsync());
        });
        await StartAsync(async app => Assert.Null(SignedLink.Read(SignedLinkPurpose.Manage, token, (await app.PageAsync()).LinkKey)));
    }

    private async Task StartAsync(Func<AppHost, Task> act, params string[] args)
    {
        await using var app = await AppHost.StartAsync(_folder, null, args);
        // When a page comes from disk, the store is asked only after the start.
        var store = app.Services.GetRequiredService<StoreState>();
        await Eventually.TrueAsync("the store was asked", () => store.IsReady || store.Refused is not null);
        Assert.Null(store.Refused);
        await act(app);
    }

    /// <summary>The program prints one line and ends with code 1, even where it could show the page from disk before asking the store.</summary>
    private async Task RefusedAsync(string[] args)
    {
        var (code, output) = await AppCommand.RunAsync(["--urls", "http://127.0.0.1:0", "--DataDirectory", _folder.Path, .. args]);
        Assert.True(code == 1, output);
        Assert.Single(output.Split('\n'), line => line.StartsWith("Setting Secrets:CertificateFile / Secrets:KeyFile is '", StringComparison.Ordinal));
    }

    private static string Protect(AppHost app) => app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("secret");

    private static string Unprotect(AppHost app, string secret) =>
        app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Unprotect(secret);

    private static Task<string> KeysAsync(AppHost app) =>
        app.InStoreAsync(async db =>
            string.Concat(await db.DataProtectionKeys.AsNoTracking().OrderBy(key => key.Id).Select(key => key.Xml).ToListAsync())
        );

    private static X509Certificate2 Certificate()
    {
        using var rsa = RSA.Create(2048);
        return new CertificateRequest($"CN={Guid.NewGuid():N}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(
            DateTimeOffset.UtcNow.AddDays(-2),
            DateTimeOffset.UtcNow.AddDays(-1)
        );
    }

    private string Make(string kind)
    {
        var file = _folder.File($"{Guid.NewGuid():N}.{kind}");
        if (kind == "key")
        {
            File.WriteAllText(file, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) + "\n");
            return file;
        }
        using var certificate = Certificate();
        using var rsa = certificate.GetRSAPrivateKey()!;
        switch (kind)
        {
            case "pem":
                File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + rsa.ExportPkcs8PrivateKeyPem());
                break;
            case "encrypted.pem":
                File.WriteAllText(
                    file,
                    certificate.ExportCertificatePem()
                        + "\n"
                        + rsa.ExportEncryptedPkcs8PrivateKeyPem(
                            "correct horse",
                            new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 10_000)
                        )
                );
                break;
            default:
                File.WriteAllBytes(file, certificate.Export(X509ContentType.Pfx, "correct horse"));
                break;
        }
        return file;
    }
}
