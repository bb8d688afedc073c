using System.Data;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using StatusPage.Domain;
using StatusPage.Domain.Accounts;
using StatusPage.Domain.Alerts;
using StatusPage.Domain.Audiences;
using StatusPage.Domain.Audit;
using StatusPage.Domain.Brands;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Destinations;
using StatusPage.Domain.Drafts;
using StatusPage.Domain.Exercises;
using StatusPage.Domain.Handovers;
using StatusPage.Domain.Incidents;
using StatusPage.Domain.Maintenances;
using StatusPage.Domain.Metrics;
using StatusPage.Domain.Notices;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Postmortems;
using StatusPage.Domain.Records;
using StatusPage.Domain.Runbooks;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Audit;
using StatusPage.Web.StatusApi;

namespace StatusPage.Web.Data;

/// <summary>The one store. Each room maps its own tables, in its *Tables.cs file.</summary>
public abstract class StatusDb(DbContextOptions options) : IdentityUserContext<Account>(options), IDataProtectionKeyContext
{
    /// <summary>Attempts at a transaction that conflicts with others.</summary>
    private const int Attempts = 4;

    private bool _isHalfWritten;

    public DbSet<Page> Pages => Set<Page>();
    public DbSet<BrandPicture> BrandPictures => Set<BrandPicture>();
    public DbSet<Component> Components => Set<Component>();
    public DbSet<ComponentGroup> ComponentGroups => Set<ComponentGroup>();
    public DbSet<ManualStatus> ManualStatuses => Set<ManualStatus>();
    public DbSet<Incident> Incidents => Set<Incident>();
    public DbSet<Maintenance> Maintenances => Set<Maintenance>();
    public DbSet<MaintenanceSeries> MaintenanceSeries => Set<MaintenanceSeries>();
    public DbSet<Subscriber> Subscribers => Set<Subscriber>();
    public DbSet<ChannelAccount> ChannelAccounts => Set<ChannelAccount>();
    public DbSet<Announcement> Announcements => Set<Announcement>();
    public DbSet<Delivery> Deliveries => Set<Delivery>();
    public DbSet<DeliveryTotal> DeliveryTotals => Set<DeliveryTotal>();
    public DbSet<MailRelay> MailRelays => Set<MailRelay>();
    public DbSet<MailTest> MailTests => Set<MailTest>();
    public DbSet<WriteProbe> WriteProbes => Set<WriteProbe>();
    public DbSet<DeliveryPause> DeliveryPauses => Set<DeliveryPause>();
    public DbSet<IncidentNote> IncidentNotes => Set<IncidentNote>();
    public DbSet<IncidentAssignment> IncidentAssignments => Set<IncidentAssignment>();
    public DbSet<Draft> Drafts => Set<Draft>();
    public DbSet<Template> Templates => Set<Template>();
    public DbSet<Audience> Audiences => Set<Audience>();
    public DbSet<Notice> Notices => Set<Notice>();
    public DbSet<Contact> Contacts => Set<Contact>();
    public DbSet<DeskBrowser> DeskBrowsers => Set<DeskBrowser>();
    public DbSet<SeverityRule> SeverityRules => Set<SeverityRule>();
    public DbSet<Metric> Metrics => Set<Metric>();
    public DbSet<MetricPoint> MetricPoints => Set<MetricPoint>();
    public DbSet<AlertSource> AlertSources => Set<AlertSource>();
    public DbSet<AlertDelivery> AlertDeliveries => Set<AlertDelivery>();
    public DbSet<AlertRule> AlertRules => Set<AlertRule>();
    public DbSet<AlertCase> AlertCases => Set<AlertCase>();
    public DbSet<AlertEpisode> AlertEpisodes => Set<AlertEpisode>();
    public DbSet<AlertHistory> AlertHistories => Set<AlertHistory>();
    public DbSet<AlertLine> AlertLines => Set<AlertLine>();
    public DbSet<Postmortem> Postmortems => Set<Postmortem>();
    public DbSet<PostmortemComment> PostmortemComments => Set<PostmortemComment>();
    public DbSet<PostmortemTemplate> PostmortemTemplates => Set<PostmortemTemplate>();
    public DbSet<ActionItem> ActionItems => Set<ActionItem>();
    public DbSet<Prevention> Preventions => Set<Prevention>();
    public DbSet<Destination> Destinations => Set<Destination>();
    public DbSet<DestinationLink> DestinationLinks => Set<DestinationLink>();
    public DbSet<DestinationDelivery> DestinationDeliveries => Set<DestinationDelivery>();
    public DbSet<MomentCorrection> MomentCorrections => Set<MomentCorrection>();
    public DbSet<Runbook> Runbooks => Set<Runbook>();
    public DbSet<RunbookRevision> RunbookRevisions => Set<RunbookRevision>();
    public DbSet<RunbookTick> RunbookTicks => Set<RunbookTick>();
    public DbSet<Handover> Handovers => Set<Handover>();
    public DbSet<Exercise> Exercises => Set<Exercise>();
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();
    public DbSet<AuditHead> AuditHeads => Set<AuditHead>();
    public DbSet<DailyHead> DailyHeads => Set<DailyHead>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
    public DbSet<Membership> Memberships => Set<Membership>();
    public DbSet<OneTimeLink> OneTimeLinks => Set<OneTimeLink>();
    public DbSet<DeskSession> DeskSessions => Set<DeskSession>();
    public DbSet<SetUpToken> SetUpTokens => Set<SetUpToken>();
    public DbSet<IdempotentRequest> IdempotentRequests => Set<IdempotentRequest>();
    public DbSet<FormPost> FormPosts => Set<FormPost>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>The key that signs the end of the audit belongs to the program and is not stored in the database.</summary>
    public AuditKeys AuditKeys =>
        FindService<AuditKeys>() ?? throw new InvalidOperationException("The audit is written by the program alone, which has the key that signs it.");

    /// <summary>A service of the program; null where there is none.</summary>
    internal T? FindService<T>()
        where T : class => this.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()?.ApplicationServiceProvider?.GetService<T>();

    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    /// <summary>
    /// Writes everything tracked and raises the page's version, in one transaction. The version comes first, so that posts to one page are serialized.
    /// </summary>
    /// <returns>The new version.</returns>
    public Task<long> PublishAsync(PageId page, DateTimeOffset now, CancellationToken cancel) =>
        AgainAsync(
            async () =>
            {
                await using var transaction = await Database.BeginTransactionAsync(cancel);
                await Pages
                    .Where(row => row.Id == page)
                    .ExecuteUpdateAsync(set => set.SetProperty(row => row.Version, row => row.Version + 1).SetProperty(row => row.ChangedAt, now), cancel);
                await SaveChangesAsync(cancel);
                var version = await Pages.Where(row => row.Id == page).Select(row => row.Version).SingleAsync(cancel);
                await transaction.CommitAsync(CancellationToken.None);
                return version;
            },
            cancel
        );

    /// <summary>Locks a page's row until the surrounding transaction ends, so that the next holder sees the changes of the one before.</summary>
    public Task HoldAsync(PageId page, CancellationToken cancel) =>
        Pages.Where(row => row.Id == page).ExecuteUpdateAsync(set => set.SetProperty(row => row.Version, row => row.Version), cancel);

    /// <summary>
    /// Audit entries are chained here and nowhere else, so that none is missed. It comes last, because every writer waits for the transaction that holds
    /// the end of the chain.
    /// </summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        var acts = ChangeTracker.Entries<AuditEntry>().Where(entry => entry.State == EntityState.Added).ToList();
        if (acts.Count == 0)
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        // With several audit entries, it is not known which of them brought which change.
        if (acts is [{ Entity: { Changes: null } only }])
            only.Changes = Changes.Of(ChangeTracker);
        return Database.CurrentTransaction is not null
            ? await WriteAsync(acts.ConvertAll(act => act.Entity), acceptAllChangesOnSuccess, cancellationToken)
            : await AgainAsync(
                async () =>
                {
                    await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
                    var rows = await WriteAsync(acts.ConvertAll(act => act.Entity), acceptAllChangesOnSuccess, cancellationToken);
                    await transaction.CommitAsync(CancellationToken.None);
                    return rows;
                },
                cancellationToken
            );
    }

    private async Task<int> WriteAsync(List<AuditEntry> acts, bool acceptAllChangesOnSuccess, CancellationToken cancel)
    {
        foreach (var act in acts)
            Entry(act).State = EntityState.Detached;
        int rows;
        try
        {
            rows = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancel);
        }
        catch
        {
            // Nothing was written, and everything is tracked as before, so it can be tried again.
            Audit.AddRange(acts);
            throw;
        }
        _isHalfWritten = true;
        Audit.AddRange(await this.AppendAsync(acts, cancel));
        rows += await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancel);
        _isHalfWritten = false;
        return rows;
    }

    /// <summary>
    /// Repeats a transaction that the store undid because of a concurrent one. A transaction that holds the end of the audit waits for no other, so
    /// conflicts come before that, while everything to be written is still tracked.
    /// </summary>
    private async Task<T> AgainAsync<T>(Func<Task<T>> transaction, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            _isHalfWritten = false;
            try
            {
                return await transaction();
            }
            catch (Exception exception) when (attempt < Attempts && !_isHalfWritten && StoreSetup.IsContention(exception))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 50) * attempt), cancel);
            }
        }
    }

    /// <summary>ASP.NET Core saves its data protection keys this way.</summary>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        ChangeTracker.Entries<AuditEntry>().Any()
            ? throw new NotSupportedException("The audit is written asynchronously.")
            : base.SaveChanges(acceptAllChangesOnSuccess);

    /// <summary>
    /// The condition that a column's value is among the results of a query. With IN, PostgreSQL would read the whole table; with an array it uses the key.
    /// </summary>
    public string Among(string query) => this is PostgresStatusDb ? $"= ANY (ARRAY ({query}))" : $"IN ({query})";

    /// <summary>
    /// One consistent view over several queries, which neither waits for writers nor makes them wait. It ends when the result is disposed.
    /// </summary>
    public abstract Task<IAsyncDisposable> BeginReadAsync(CancellationToken cancel);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<Conversions.Instant>();
        configurationBuilder.Properties<PageId>().HaveConversion<Conversions.PublicId<PageId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<ComponentId>().HaveConversion<Conversions.PublicId<ComponentId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<ComponentGroupId>().HaveConversion<Conversions.PublicId<ComponentGroupId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<IncidentId>().HaveConversion<Conversions.PublicId<IncidentId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<UpdateId>().HaveConversion<Conversions.PublicId<UpdateId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<MaintenanceId>().HaveConversion<Conversions.PublicId<MaintenanceId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<SeriesId>().HaveConversion<Conversions.PublicId<SeriesId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<SubscriberId>().HaveConversion<Conversions.PublicId<SubscriberId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<AnnouncementId>().HaveConversion<Conversions.PublicId<AnnouncementId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<ChannelAccountId>().HaveConversion<Conversions.PublicId<ChannelAccountId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<ContactId>().HaveConversion<Conversions.PublicId<ContactId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<RecipientId>().HaveConversion<Conversions.PublicId<RecipientId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<DraftId>().HaveConversion<Conversions.PublicId<DraftId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<TemplateId>().HaveConversion<Conversions.PublicId<TemplateId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<MetricId>().HaveConversion<Conversions.PublicId<MetricId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<AudienceId>().HaveConversion<Conversions.PublicId<AudienceId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<AlertSourceId>().HaveConversion<Conversions.PublicId<AlertSourceId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<AlertRuleId>().HaveConversion<Conversions.PublicId<AlertRuleId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<AlertCaseId>().HaveConversion<Conversions.PublicId<AlertCaseId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<ActionItemId>().HaveConversion<Conversions.PublicId<ActionItemId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<DestinationId>().HaveConversion<Conversions.PublicId<DestinationId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<RunbookId>().HaveConversion<Conversions.PublicId<RunbookId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<HandoverId>().HaveConversion<Conversions.PublicId<HandoverId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<ExerciseId>().HaveConversion<Conversions.PublicId<ExerciseId>>().HaveMaxLength(PublicId.Length);
        configurationBuilder.Properties<ComponentStatus>().HaveConversion<string>().HaveMaxLength(30);
        configurationBuilder.Properties<Phase>().HaveConversion<string>().HaveMaxLength(30);
        configurationBuilder.Properties<Severity>().HaveConversion<string>().HaveMaxLength(10);
        configurationBuilder.Properties<Impact>().HaveConversion<string>().HaveMaxLength(10);
        configurationBuilder.Properties<Role>().HaveConversion<string>().HaveMaxLength(20);
        configurationBuilder
            .Properties<IReadOnlyList<ComponentId>>()
            .HaveConversion<Conversions.IdList<ComponentId>, Conversions.IdListComparer<ComponentId>>();
        configurationBuilder
            .Properties<IReadOnlyList<IncidentId>>()
            .HaveConversion<Conversions.IdList<IncidentId>, Conversions.IdListComparer<IncidentId>>();
        configurationBuilder
            .Properties<IReadOnlyList<AudienceId>>()
            .HaveConversion<Conversions.IdList<AudienceId>, Conversions.IdListComparer<AudienceId>>();
        configurationBuilder
            .Properties<IReadOnlyList<UpdateRevision>>()
            .HaveConversion<Conversions.List<UpdateRevision>, Conversions.ListComparer<UpdateRevision>>();
        configurationBuilder
            .Properties<IReadOnlyList<UpdateTranslation>>()
            .HaveConversion<Conversions.List<UpdateTranslation>, Conversions.ListComparer<UpdateTranslation>>();
        configurationBuilder
            .Properties<IReadOnlyList<UpdateWording>>()
            .HaveConversion<Conversions.List<UpdateWording>, Conversions.ListComparer<UpdateWording>>();
        configurationBuilder.Properties<ChannelSet>().HaveConversion<Conversions.Channels>();
        configurationBuilder.Properties<IReadOnlyList<AffectedComponent>>().HaveConversion<Conversions.Affected, Conversions.AffectedComparer>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(StatusDb).Assembly);
        builder.MapSearch(isSqlite: this is SqliteStatusDb);
    }
}

public sealed class SqliteStatusDb(DbContextOptions<SqliteStatusDb> options) : StatusDb(options)
{
    public override async Task<IAsyncDisposable> BeginReadAsync(CancellationToken cancel)
    {
        await Database.OpenConnectionAsync(cancel);
        try
        {
            var transaction = ((SqliteConnection)Database.GetDbConnection()).BeginTransaction(deferred: true);
            await Database.UseTransactionAsync(transaction, cancel);
            return new Read(Database, transaction);
        }
        catch
        {
            await Database.CloseConnectionAsync();
            throw;
        }
    }

    /// <summary>EF ends neither a transaction that it is given nor a connection that it is told to open.</summary>
    private sealed class Read(DatabaseFacade database, SqliteTransaction transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await database.UseTransactionAsync(null);
            await transaction.DisposeAsync();
            await database.CloseConnectionAsync();
        }
    }
}

public sealed class PostgresStatusDb(DbContextOptions<PostgresStatusDb> options) : StatusDb(options)
{
    /// <summary>Compares bytes, not by the rules of a language: ids are compared a million times for one announcement.</summary>
    private const string Bytewise = "C";

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<PageId>().UseCollation(Bytewise);
        configurationBuilder.Properties<ComponentId>().UseCollation(Bytewise);
        configurationBuilder.Properties<ComponentGroupId>().UseCollation(Bytewise);
        configurationBuilder.Properties<IncidentId>().UseCollation(Bytewise);
        configurationBuilder.Properties<UpdateId>().UseCollation(Bytewise);
        configurationBuilder.Properties<MaintenanceId>().UseCollation(Bytewise);
        configurationBuilder.Properties<SeriesId>().UseCollation(Bytewise);
        configurationBuilder.Properties<SubscriberId>().UseCollation(Bytewise);
        configurationBuilder.Properties<AnnouncementId>().UseCollation(Bytewise);
        configurationBuilder.Properties<ChannelAccountId>().UseCollation(Bytewise);
        configurationBuilder.Properties<ContactId>().UseCollation(Bytewise);
        configurationBuilder.Properties<RecipientId>().UseCollation(Bytewise);
        configurationBuilder.Properties<DraftId>().UseCollation(Bytewise);
        configurationBuilder.Properties<TemplateId>().UseCollation(Bytewise);
        configurationBuilder.Properties<AudienceId>().UseCollation(Bytewise);
        configurationBuilder.Properties<ActionItemId>().UseCollation(Bytewise);
    }

    public override async Task<IAsyncDisposable> BeginReadAsync(CancellationToken cancel) =>
        await Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
}
