using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using StatusPage.Domain.Audit;
using StatusPage.Tests.Host;
using StatusPage.Web.Audit;
using StatusPage.Web.Hosting;
using Desk = StatusPage.Tests.Host.Desk;

namespace StatusPage.Tests.Audit;

/// <summary>The end of the audit is signed with a key that is not in the store.</summary>
public sealed class AuditSigningTests(PostgresServer server) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Rows 3 and 4 are cut off, and the end is set back.</summary>
    private const string Cut =
        """DELETE FROM "Audit" WHERE "Id" > 2; UPDATE "AuditHead" SET "Number" = 2, "Hash" = (SELECT "Hash" FROM "Audit" WHERE "Id" = 2)""";

    private const string Unsigned = """UPDATE "AuditHead" SET "Key" = NULL, "Signature" = NULL, "SignedAt" = NULL""";

    [Theory]
    [InlineData(Cut)]
    [InlineData(Cut + ";" + Unsigned)]
    public async Task What_was_cut_off_is_not_covered_up_by_what_is_written_after(string sql)
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        await AddComponentsAsync(app, 2);
        await app.InStoreAsync(db => db.Database.ExecuteSqlRawAsync(sql));
        await AddComponentsAsync(app, 2);
        var finding = await VerifyAsync(app);
        Assert.Equal(3, finding.Wrong);
        Assert.Contains("may have been cut off", finding.Why, StringComparison.Ordinal);
        Assert.Equal(["audit.head-refused"], await ActionsAsync(app, "audit."));
        // A finding that somebody has looked into is not reported for ever.
        Assert.Null((await VerifyAsync(app, known: 3)).Why);
        using var owner = await app.SignInAsync();
        Assert.Contains(
            "may have been cut off",
            (await owner.GetAsync("/admin/audit?handler=Verify")).QuerySelector("[role=status]")!.TextContent,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Going_back_to_an_earlier_state_with_its_signature_is_found_by_what_was_kept_elsewhere_alone()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        var before = await app.InStoreAsync(db => db.AuditHeads.AsNoTracking().SingleAsync());
        await AddComponentsAsync(app, 2);
        var kept = (await VerifyAsync(app)).Head!;
        Assert.Null((await VerifyAsync(app, kept)).Why);
        await app.InStoreAsync(async db =>
        {
            await db.Audit.Where(row => row.Id > before.Number).ExecuteDeleteAsync();
            return await db.AuditHeads.ExecuteUpdateAsync(set =>
                set.SetProperty(row => row.Number, before.Number)
                    .SetProperty(row => row.Hash, before.Hash)
                    .SetProperty(row => row.SignedAt, before.SignedAt)
                    .SetProperty(row => row.Key, before.Key)
                    .SetProperty(row => row.Signature, before.Signature)
            );
        });
        Assert.Null((await VerifyAsync(app)).Why);
        Assert.Contains("set back to an earlier state", (await VerifyAsync(app, kept)).Why, StringComparison.Ordinal);
        // After the log has grown past it again, that number is another row.
        await AddComponentsAsync(app, 3);
        Assert.Null((await VerifyAsync(app)).Why);
        Assert.Contains("was another one", (await VerifyAsync(app, kept)).Why, StringComparison.Ordinal);
        Assert.Contains("does not fit", (await VerifyAsync(app, kept with { Number = 1 })).Why, StringComparison.Ordinal);
    }

    private static WorkerTools Tools(AppHost app, TimeProvider time) => app.Services.GetRequiredService<WorkerTools>() with { Time = time };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_day_one_of_the_nodes_tells_the_log_where_the_audit_ends(bool isPostgres)
    {
        await using var app = await AppHost.StartAsync(
            isPostgres ? [.. Desk.Owner, "--ConnectionStrings:Postgres", await server.CreateDatabaseAsync()] : Desk.Owner
        );
        var log = new Lines();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        AuditWatch Node() => ActivatorUtilities.CreateInstance<AuditWatch>(app.Services, Tools(app, time), log);
        await Node().LookAsync(default);
        Assert.Empty(log.All);
        for (var day = 1; day <= 2; day++)
        {
            time.Advance(TimeSpan.FromDays(1));
            await Task.WhenAll(Enumerable.Range(0, isPostgres ? 4 : 1).Select(_ => Node().LookAsync(default)));
            await Node().LookAsync(default);
            Assert.Equal(day, log.All.Count);
        }
        var claimed = SignedHead.Find(log.All[^1])!;
        Assert.Null((await VerifyAsync(app, claimed)).Why);
        await AddComponentsAsync(app, 1);
        Assert.Null((await VerifyAsync(app, claimed)).Why);
        // The store's own heads of earlier days must hold, too.
        await app.InStoreAsync(db => db.DailyHeads.ExecuteUpdateAsync(set => set.SetProperty(row => row.Number, row => row.Number + 1)));
        Assert.NotNull((await VerifyAsync(app)).Why);
    }

    [Fact]
    public async Task What_is_wrong_is_not_signed_anew_at_the_end_of_the_day()
    {
        await using var app = await AppHost.StartAsync(Desk.Owner);
        await app.InStoreAsync(db => db.Database.ExecuteSqlRawAsync(Unsigned));
        var log = new Lines();
        var watch = ActivatorUtilities.CreateInstance<AuditWatch>(app.Services, Tools(app, new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(1))), log);
        await watch.LookAsync(default);
        await watch.LookAsync(default);
        Assert.Contains("bears no signature", Assert.Single(log.All), StringComparison.Ordinal);
        Assert.Equal(0, await app.InStoreAsync(db => db.DailyHeads.CountAsync()));
    }

    [Fact]
    public async Task The_webhook_is_told_once_and_again_when_it_did_not_listen()
    {
        await using var sink = await HttpSink.StartAsync();
        await using var app = await AppHost.StartAsync([
            .. Desk.Owner,
            "--Audit:Webhook",
            sink.Url + "/audit",
            "--Outbound:Allow",
            "127.0.0.1",
            "--Delivery:PerHostPerSecond",
            "0",
        ]);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow.AddDays(1));
        var watch = ActivatorUtilities.CreateInstance<AuditWatch>(app.Services, Tools(app, time), new Lines());
        sink.Next("/audit", new SinkAnswer(503));
        await watch.LookAsync(default);
        await watch.LookAsync(default);
        Assert.Single(sink.At("/audit"));
        time.Advance(TimeSpan.FromMinutes(1));
        await watch.LookAsync(default);
        time.Advance(TimeSpan.FromMinutes(10));
        await watch.LookAsync(default);
        Assert.Equal(2, sink.At("/audit").Count);
        Assert.Equal("audit.head", sink.At("/audit")[1].Json.GetProperty("type").GetString());
        Assert.Null((await VerifyAsync(app, SignedHead.Find(sink.At("/audit")[1].Json.GetProperty("line").GetString()!))).Why);
    }

    [Fact]
    public async Task A_store_from_before_is_signed_at_the_first_start_and_says_so()
    {
        await StartAsync(async app => await app.InStoreAsync(db => db.Database.ExecuteSqlRawAsync(Unsigned)));
        File.Delete(_folder.File(AuditKeys.FileName));
        await StartAsync(async app =>
        {
            Assert.Equal(["audit.signing-begun"], await ActionsAsync(app, "audit."));
            var finding = await VerifyAsync(app);
            Assert.Equal((null, 3L), (finding.Why, finding.SignedSince));
            await app.InStoreAsync(db => db.Database.ExecuteSqlRawAsync(Unsigned));
        });
        // This happens once: a key that exists has signed already.
        await StartAsync(async app => Assert.Contains("bears no signature", (await VerifyAsync(app)).Why, StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_a_key_by_setting_a_start_signs_no_end_that_lost_its_signature()
    {
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
            await File.WriteAllTextAsync(_folder.File("own.pem"), key.ExportPkcs8PrivateKeyPem());
        string[] args = ["--Audit:KeyFile", _folder.File("own.pem")];
        await StartAsync(
            async app =>
            {
                Assert.Null((await VerifyAsync(app)).Why);
                await AddComponentsAsync(app, 2);
                await app.InStoreAsync(db => db.Database.ExecuteSqlRawAsync(Cut + ";" + Unsigned + """; DELETE FROM "DailyHeads" """));
            },
            args
        );
        await StartAsync(
            async app =>
            {
                Assert.Contains("bears no signature", (await VerifyAsync(app)).Why, StringComparison.Ordinal);
                await AddComponentsAsync(app, 1);
                Assert.Contains("may have been cut off", (await VerifyAsync(app)).Why, StringComparison.Ordinal);
            },
            args
        );
    }

    [Fact]
    public async Task A_new_key_takes_over_where_the_former_is_named()
    {
        SignedHead kept = null!;
        await StartAsync(async app => kept = (await VerifyAsync(app)).Head!);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(_folder.File("new.pem"), key.ExportECPrivateKeyPem());
        string[] without = ["--Audit:KeyFile", _folder.File("new.pem")];
        await StartAsync(
            async app =>
            {
                Assert.Equal(["audit.key-changed"], await ActionsAsync(app, "audit."));
                Assert.Null((await VerifyAsync(app, kept)).Why);
            },
            [.. without, "--Audit:PreviousKeyFiles", _folder.File(AuditKeys.FileName)]
        );
        await StartAsync(
            async app =>
            {
                Assert.Null((await VerifyAsync(app)).Why);
                Assert.Contains("not known here", (await VerifyAsync(app, kept)).Why, StringComparison.Ordinal);
            },
            without
        );
        // Back with the former key, the program does not know the new one.
        await StartAsync(async app => Assert.Contains("not known here", (await VerifyAsync(app)).Why, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_command_holds_a_line_of_the_log_against_the_audit()
    {
        var line = "";
        await StartAsync(async app => line = $"12:00:00 INF The audit at the end of 2026-11-28: {(await VerifyAsync(app)).Head}");
        var (code, output) = await RunAsync("verify", "--head", line);
        Assert.True(code == 0, output);
        Assert.Contains("holds the end that was stated", output, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("verify", "--head", "nothing")).Code);
        (code, output) = await RunAsync("key");
        Assert.True(code == 0, output);
        Assert.Contains("BEGIN PUBLIC KEY", output, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", output, StringComparison.Ordinal);
        await StartAsync(async app =>
            await app.InStoreAsync(db =>
                db.Database.ExecuteSqlRawAsync(
                    """DELETE FROM "Audit" WHERE "Id" > 1; UPDATE "AuditHead" SET "Number" = 1, "Hash" = (SELECT "Hash" FROM "Audit" WHERE "Id" = 1)"""
                )
            )
        );
        (code, output) = await RunAsync("verify");
        Assert.Equal((1, "The audit ends with row 1, and that end bears a signature that does not fit it"), (code, output[..Math.Min(output.Length, 78)]));
        Assert.Single(output.Trim().Split('\n'));
    }

    [Theory]
    [InlineData("Audit:KeyFile", "missing.pem")]
    [InlineData("Audit:KeyFile", "public.pem")]
    [InlineData("Audit:PreviousKeyFiles", "text.pem")]
    public void A_key_that_cannot_be_used_is_one_line(string setting, string file)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(_folder.File("public.pem"), key.ExportSubjectPublicKeyInfoPem());
        File.WriteAllText(_folder.File("text.pem"), "nothing");
        var refused = Assert.Throws<SettingException>(() => Web.Program.Build(["--DataDirectory", _folder.Path, $"--{setting}", _folder.File(file)]));
        Assert.StartsWith($"Setting {setting} is '", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private async Task StartAsync(Func<AppHost, Task> act, params string[] args)
    {
        await using var app = await AppHost.StartAsync(_folder, null, [.. Desk.Owner, .. args]);
        // When a page comes from disk, the store is asked only after the start.
        await app.Services.GetRequiredService<Web.Data.StoreState>().Ready;
        await act(app);
    }

    private async Task<(int Code, string Output)> RunAsync(params string[] command) =>
        await AppCommand.RunAsync(["audit", .. command, "--DataDirectory", _folder.Path]);

    private static async Task AddComponentsAsync(AppHost app, int count)
    {
        for (var i = 0; i < count; i++)
            await app.ComponentAsync($"Part {Guid.NewGuid():N}");
    }

    private static Task<AuditFinding> VerifyAsync(AppHost app, SignedHead? claimed = null, params long[] known) =>
        app.InStoreAsync(db => new AuditCheck(claimed, known).RunAsync(db, default));

    private static Task<List<string>> ActionsAsync(AppHost app, string prefix) =>
        app.InStoreAsync(db => db.Audit.Where(row => row.Action.StartsWith(prefix)).OrderBy(row => row.Id).Select(row => row.Action).ToListAsync());

    private sealed class Lines : ILogger<AuditWatch>
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> All
        {
            get
            {
                lock (_lines)
                    return [.. _lines];
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
                _lines.Add(formatter(state, exception));
        }
    }
}
