using System.Text.RegularExpressions;
using MailKit.Security;
using StatusPage.Tests.Host;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Hosting;

/// <summary>A setting that is misspelt, missing or impossible ends the start with one line; none is ignored in silence.</summary>
public sealed partial class SettingNamesTests
{
    [Fact]
    public void The_README_lists_the_settings_that_there_are()
    {
        var table = ReadmeRow()
            .Matches(File.ReadAllText(Path.Combine(Source.Root, "README.md")))
            .SelectMany(row => Name().Matches(row.Groups[1].Value))
            .Select(name => name.Groups[1].Value);
        Assert.Equal(SettingNames.All.Order(StringComparer.Ordinal), table.Where(name => name != "urls").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Emial:Smtp", "Email:Smtp")]
    [InlineData("Email:Stmp", "Email:Smtp")]
    [InlineData("Delivery:LeaseSecond", "Delivery:LeaseSeconds")]
    [InlineData("DataDir", "DataDirectory")]
    [InlineData("url", "urls")]
    [InlineData("Oidc:Authorty", "Oidc:Authority")]
    public void A_setting_that_is_misspelt_is_refused_with_the_nearest_one(string key, string nearest)
    {
        using var folder = new TempFolder();
        var refused = Assert.Throws<SettingException>(() => Web.Program.Build(["--DataDirectory", folder.Path, $"--{key}", "hush-hush"]));
        Assert.Contains($"{key} does not exist. Is {nearest} meant?", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush-hush", refused.Message);
    }

    [Fact]
    public async Task In_the_environment_only_what_looks_like_ours_is_refused()
    {
        using var folder = new TempFolder();
        var others = new Dictionary<string, string>
        {
            ["SHOP__DATABASE__HOST"] = "db",
            ["PUBLICURL_OF_SHOP"] = "x",
            ["LESSOPEN"] = "x",
        };
        await using (var app = await AppProcess.StartAsync(folder, [], others)) { }
        foreach (var name in new[] { "Email__Stmp", "EMIAL__SMTP", "EMAIL_SMTP" })
        {
            var (code, output) = await AppProcess.RunAsync(
                new Dictionary<string, string> { [name] = "x" },
                "--urls",
                "http://127.0.0.1:0",
                "--DataDirectory",
                folder.Path
            );
            Assert.Equal((1, 1), (code, output.TrimEnd().Split('\n').Length));
            Assert.Contains("Is Email:Smtp meant?", output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("urls", "127.0.0.1:8080")]
    [InlineData("urls", "http://127.0.0.1:99999")]
    [InlineData("urls", "http://127.0.0.1:abc")]
    [InlineData("urls", "ftp://127.0.0.1:8080")]
    [InlineData("urls", "http://127.0.0.1:8080/status")]
    [InlineData("Kestrel:Endpoints:Http:Url", "nonsense")]
    [InlineData("http_ports", "eighty")]
    [InlineData("ConnectionStrings:Redis", "redis:6379,passwort=secret")]
    [InlineData("ConnectionStrings:Redis", "redis:9999999")]
    [InlineData("ConnectionStrings:Redis", "redis://redis:6379")]
    [InlineData("ConnectionStrings:Postgres", "Host=db;Port=99999")]
    [InlineData("ConnectionStrings:Postgres", " ")]
    [InlineData("Email:Dkim:Domain", "example.com/x")]
    [InlineData("Admin:Email", "ann@example.com")]
    [InlineData("Admin:Password", "correct horse battery")]
    public void What_cannot_be_understood_is_refused(string key, string value)
    {
        using var folder = new TempFolder();
        var refused = Assert.Throws<SettingException>(() => Web.Program.Build(["--DataDirectory", folder.Path, $"--{key}", value]));
        Assert.DoesNotContain('\n', refused.Message);
        Assert.DoesNotContain("secret", refused.Message.Replace("password=secret", "", StringComparison.OrdinalIgnoreCase), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smtp://mail.example.com", SecureSocketOptions.StartTlsWhenAvailable)]
    [InlineData("smtp://ann:secret@mail.example.com:587", SecureSocketOptions.StartTls)]
    [InlineData("smtp://ann:secret@mail.example.com:587/?starttls=never", SecureSocketOptions.None)]
    [InlineData("smtp://mail.example.com?starttls=always", SecureSocketOptions.StartTls)]
    [InlineData("smtps://ann:secret@mail.example.com", SecureSocketOptions.SslOnConnect)]
    public void A_mail_server_with_a_password_is_spoken_to_in_secret(string setting, SecureSocketOptions tls) =>
        Assert.Equal(tls, SmtpSettings.Read(setting)!.Tls);

    [Fact]
    public void That_there_is_no_mail_server_can_be_said() => Assert.Null(SmtpSettings.Read("files"));

    [Theory]
    [InlineData("smtps://ann:secret@mail.example.com?starttls=never")]
    [InlineData("smtp://ann:secret@mail.example.com?tls=no")]
    [InlineData("none")]
    public void A_mail_server_that_is_set_wrongly_is_refused(string setting) =>
        Assert.DoesNotContain("secret", Assert.Throws<SettingException>(() => SmtpSettings.Read(setting)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("http://*:8080;http://[::]:8081")]
    [InlineData("http://unix:/run/statuspage.sock")]
    public void What_the_web_server_understands_is_taken(string urls)
    {
        using var folder = new TempFolder();
        Web.Program.Build(["--DataDirectory", folder.Path, "--urls", urls]);
    }

    [Theory]
    [InlineData("ann@example.com", "short")]
    [InlineData("ann@example.com", "password1234")]
    [InlineData("ann", "correct horse battery")]
    public void An_owner_who_could_not_be_made_is_refused(string email, string password)
    {
        using var folder = new TempFolder();
        var refused = Assert.Throws<SettingException>(() =>
            Web.Program.Build(["--DataDirectory", folder.Path, "--Admin:Email", email, "--Admin:Password", password])
        );
        Assert.DoesNotContain(password, refused.Message);
    }

    [Fact]
    public void A_DKIM_file_without_a_private_key_is_refused()
    {
        using var folder = new TempFolder();
        var file = folder.File("dkim.pem");
        File.WriteAllText(file, "garbage");
        string[] set = ["--DataDirectory", folder.Path, "--Email:Dkim:Domain", "example.com", "--Email:Dkim:Selector", "s", "--Email:Dkim:KeyFile"];
        using var curve = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        File.WriteAllText(folder.File("ec.pem"), curve.ExportPkcs8PrivateKeyPem());
        foreach (var path in new[] { file, folder.File("missing.pem"), folder.Path, folder.File("ec.pem") })
            Assert.Contains(
                "Email:Dkim:KeyFile",
                Assert.Throws<SettingException>(() => Web.Program.Build([.. set, path])).Message,
                StringComparison.Ordinal
            );
    }

    [Fact]
    public async Task An_address_that_cannot_be_had_ends_the_program_with_a_line()
    {
        await using var first = await AppHost.StartAsync();
        foreach (var urls in new[] { first.BaseAddress.ToString().TrimEnd('/'), "http://203.0.113.7:80", "https://127.0.0.1:0" })
        {
            using var another = new TempFolder();
            // The home may have a certificate for development.
            var (code, output) = urls.StartsWith("https", StringComparison.Ordinal)
                ? await AppProcess.RunAsync(new Dictionary<string, string> { ["HOME"] = another.Path }, "--urls", urls, "--DataDirectory", another.Path)
                : await AppCommand.RunAsync("--urls", urls, "--DataDirectory", another.Path);
            Assert.True(code == 1, output);
            Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
            Assert.Single(output.TrimEnd().Split('\n'), line => !line.Contains(" WRN ", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("--Demo")]
    [InlineData("--Demo", "true", "serve")]
    public async Task An_argument_that_is_none_is_refused(params string[] arguments)
    {
        using var folder = new TempFolder();
        var (code, output) = await AppCommand.RunAsync(["--DataDirectory", folder.Path, .. arguments]);
        Assert.Equal((1, 1), (code, output.TrimEnd().Split('\n').Length));
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_one_ends_the_program_with_a_line()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File("file"), "");
        foreach (var path in new[] { folder.File("file"), Path.Combine(folder.File("file"), "below"), "/proc/statuspage" })
        {
            var (code, output) = await AppCommand.RunAsync("--urls", "http://127.0.0.1:0", "--DataDirectory", path);
            Assert.True(code == 1 && output.TrimEnd().Split('\n').Length == 1, output);
            Assert.StartsWith($"Setting DataDirectory is '{path}'.", output, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex(@"^\| (`[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex ReadmeRow();

    [GeneratedRegex("`([A-Za-z]+(?::[A-Za-z]+)*)`")]
    private static partial Regex Name();
}
