using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Tests.Host;
using StatusPage.Web.Audit;
using StatusPage.Web.Data;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Architecture;

/// <summary>Rules that hold for every line of the program.</summary>
public sealed partial class HardeningTests
{
    private static readonly string Root = Path.GetFullPath(Path.Combine(Here(), "..", ".."));
    private static readonly Assembly[] Ours = [typeof(PageId).Assembly, typeof(Settings).Assembly];

    /// <summary>Alphabets for random values; not secrets.</summary>
    private static readonly string[] NoSecrets =
    [
        "234567abcdefghijklmnopqrstuvwxyz",
        "abcdefghijkmnpqrstuvwxyz23456789",
        "abcdefghijklmnopqrstuvwxyz0123456789",
        "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789",
    ];

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static IEnumerable<string> Files(string[] projects, params string[] extensions) =>
        projects
            .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Root, project), "*", SearchOption.AllDirectories))
            .Where(file =>
                extensions.Contains(Path.GetExtension(file))
                && !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(folder => folder is "obj" or "bin" or "Migrations" or "data")
            );

    [Fact]
    public void No_regular_expression_can_be_kept_busy()
    {
        var patterns = Ours.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type =>
                type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            )
            .Select(method => (Method: method, Pattern: method.GetCustomAttribute<GeneratedRegexAttribute>()))
            .Where(one => one.Pattern is not null)
            .ToList();
        Assert.NotEmpty(patterns);
        Assert.DoesNotContain(patterns, one => !one.Pattern!.Options.HasFlag(RegexOptions.NonBacktracking) && one.Pattern.MatchTimeoutMilliseconds <= 0);
        // No pattern is made in another way.
        Assert.DoesNotContain(Files(["StatusPage.Domain", "StatusPage.Web"], ".cs", ".cshtml"), file => MadeByHand().IsMatch(File.ReadAllText(file)));
    }

    [Fact]
    public void A_pattern_ends_where_the_text_ends() =>
        Assert.DoesNotContain(
            Ours.SelectMany(assembly => assembly.GetTypes())
                .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                .Select(method => method.GetCustomAttribute<GeneratedRegexAttribute>())
                .OfType<GeneratedRegexAttribute>(),
            // "$" also matches before a final line feed.
            pattern => pattern.Pattern.StartsWith('^') && pattern.Pattern.EndsWith('$') && !pattern.Options.HasFlag(RegexOptions.Multiline)
        );

    [Fact]
    public void No_secret_stands_in_the_sources()
    {
        foreach (
            var file in Files(
                    ["StatusPage.Domain", "StatusPage.Web", "docs/deploy", "bench", ".ci", "themes"],
                    ".cs",
                    ".cshtml",
                    ".js",
                    ".json",
                    ".yaml",
                    ".conf",
                    ".sh",
                    ".liquid"
                )
                .Append(Path.Combine(Root, "compose.yaml"))
                .Append(Path.Combine(Root, "Dockerfile"))
        )
        {
            // Digests of packages are meant to be public.
            if (Path.GetFileName(file) == "packages.lock.json")
                continue;
            var text = File.ReadAllText(file);
            Assert.False(PrivateKey().IsMatch(text), $"{file} holds a private key.");
            foreach (Match fallback in Fallback().Matches(text))
                Assert.Fail($"{file} has a value that stands in for a secret that is not set: {fallback.Value}");
            foreach (Match literal in Literal().Matches(text))
                Assert.True(
                    NoSecrets.Contains(literal.Groups[1].Value) || !literal.Groups[1].Value.Any(char.IsAsciiDigit),
                    $"{file} holds what looks like key material: {literal.Groups[1].Value}"
                );
        }
    }

    [Fact]
    public async Task Two_installations_share_no_key()
    {
        var seen = new List<string[]>();
        for (var i = 0; i < 2; i++)
        {
            await using var app = await AppHost.StartAsync();
            seen.Add(
                await app.InStoreAsync(async db =>
                    new[]
                    {
                        Convert.ToHexString((await db.Pages.SingleAsync()).LinkKey),
                        (await db.Set<DataProtectionKey>().SingleAsync()).Xml!,
                        (await db.SetUpTokens.SingleAsync()).Hash,
                        db.AuditKeys.PublicKey!,
                    }
                )
            );
        }
        for (var i = 0; i < seen[0].Length; i++)
            Assert.NotEqual(seen[0][i], seen[1][i]);
    }

    [Fact]
    public void What_sounds_like_a_secret_is_hidden_from_the_audit()
    {
        using var db = new SqliteStatusDb(new DbContextOptionsBuilder<SqliteStatusDb>().UseSqlite("Data Source=:memory:").Options);
        // A row's key and names of things. "RequiresSecondFactor" and the like are not text columns.
        string[] told =
        [
            "AlertEpisode.Key",
            "AlertEpisode.OpenKey",
            "Subscriber.PageKey",
            "ApiKey.Name",
            "IdentityUserToken`1.Name",
            "IdentityUserToken`1.LoginProvider",
        ];
        var shown =
            from row in db.Model.GetEntityTypes()
            from column in row.GetProperties()
            where column.ClrType == typeof(string) || column.ClrType == typeof(byte[])
            where column.ClrType == typeof(byte[]) ? false : Secretive().IsMatch(column.Name)
            where !column.IsPrimaryKey() && !column.IsForeignKey() && !Changes.Hides(row.ClrType, column.Name)
            select $"{row.ClrType.Name}.{column.Name}";
        Assert.Empty(shown.Except(told));
    }

    [GeneratedRegex(
        @"new Regex\(|\bRegex\.(IsMatch|Match|Matches|Replace|Split|Count|EnumerateMatches)\(|\[RegularExpression|:regex\(",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex MadeByHand();

    [GeneratedRegex("BEGIN [A-Z ]*PRIVATE KEY-----", RegexOptions.NonBacktracking)]
    private static partial Regex PrivateKey();

    [GeneratedRegex("(?i)(password|secret|token|keyfile|apikey)[\"'\\])]*\\s*(\\?\\?\\s*[$@]*\"[^\"]|:-[^}\"\\s])", RegexOptions.NonBacktracking)]
    private static partial Regex Fallback();

    [GeneratedRegex("\"([A-Za-z0-9+/=_]{32,})\"", RegexOptions.NonBacktracking)]
    private static partial Regex Literal();

    [GeneratedRegex("(?i)secret|password|token|hash|stamp|nonce|signature|endpoint|key$|^data$|^value$", RegexOptions.NonBacktracking)]
    private static partial Regex Secretive();
}
