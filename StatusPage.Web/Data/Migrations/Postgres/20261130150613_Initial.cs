using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace StatusPage.Web.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "Accounts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Language = table.Column<string>(type: "character varying(2)", maxLength: 2, nullable: true),
                    LastCodeStep = table.Column<long>(type: "bigint", nullable: true),
                    UserName = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    NormalizedUserName = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    Email = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    NormalizedEmail = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    EmailConfirmed = table.Column<bool>(type: "boolean", nullable: false),
                    PasswordHash = table.Column<string>(type: "text", nullable: true),
                    SecurityStamp = table.Column<string>(type: "text", nullable: true),
                    ConcurrencyStamp = table.Column<string>(type: "text", nullable: true),
                    PhoneNumber = table.Column<string>(type: "text", nullable: true),
                    PhoneNumberConfirmed = table.Column<bool>(type: "boolean", nullable: false),
                    TwoFactorEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    LockoutEnd = table.Column<long>(type: "bigint", nullable: true),
                    LockoutEnabled = table.Column<bool>(type: "boolean", nullable: false),
                    AccessFailedCount = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Accounts", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AlertHistories",
                columns: table => new
                {
                    SourceId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    Key = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    FiredAt = table.Column<long>(type: "bigint", nullable: true),
                    FiredHereAt = table.Column<long>(type: "bigint", nullable: true),
                    Firing = table.Column<string>(type: "text", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    EndedHereAt = table.Column<long>(type: "bigint", nullable: true),
                    Ended = table.Column<string>(type: "text", nullable: false),
                    Heard = table.Column<string>(type: "text", nullable: false),
                    ChangedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertHistories", x => new { x.SourceId, x.Key });
                });

            migrationBuilder.CreateTable(
                name: "ApiKeys",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Role = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Scopes = table.Column<string>(type: "text", nullable: false),
                    Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Hint = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    RevokedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ApiKeys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Audit",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Actor = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    Action = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Subject = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    From = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    Changes = table.Column<string>(type: "text", nullable: true),
                    Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Audit", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AuditHead",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Number = table.Column<long>(type: "bigint", nullable: false),
                    Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    SignedAt = table.Column<long>(type: "bigint", nullable: true),
                    Key = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    Signature = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AuditHead", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DailyHeads",
                columns: table => new
                {
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    Number = table.Column<long>(type: "bigint", nullable: false),
                    Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Key = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    Signature = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    NextAttemptAt = table.Column<long>(type: "bigint", nullable: true),
                    SentAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DailyHeads", x => x.Day);
                });

            migrationBuilder.CreateTable(
                name: "DataProtectionKeys",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    FriendlyName = table.Column<string>(type: "text", nullable: true),
                    Xml = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DataProtectionKeys", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Deliveries",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    AnnouncementId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    RecipientId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Channel = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    OurFaults = table.Column<int>(type: "integer", nullable: false, defaultValue: 0),
                    NextAttemptAt = table.Column<long>(type: "bigint", nullable: false),
                    LeasedBy = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    LastError = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    RemoteId = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    FinishedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Deliveries", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DeliveryPauses",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Since = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeliveryPauses", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DeliveryTotals",
                columns: table => new
                {
                    AnnouncementId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Channel = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    Count = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeliveryTotals", x => new { x.AnnouncementId, x.Channel, x.State });
                });

            migrationBuilder.CreateTable(
                name: "FormPosts",
                columns: table => new
                {
                    Token = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Location = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_FormPosts", x => x.Token);
                });

            migrationBuilder.CreateTable(
                name: "IdempotentRequests",
                columns: table => new
                {
                    ApiKeyId = table.Column<int>(type: "integer", nullable: false),
                    Key = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    Fingerprint = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Made = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true),
                    Status = table.Column<int>(type: "integer", nullable: true),
                    Answer = table.Column<byte[]>(type: "bytea", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IdempotentRequests", x => new { x.ApiKeyId, x.Key });
                });

            migrationBuilder.CreateTable(
                name: "MailRelays",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Host = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    Port = table.Column<int>(type: "integer", nullable: false),
                    Security = table.Column<int>(type: "integer", nullable: false),
                    Login = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    Secrets = table.Column<string>(type: "text", nullable: true),
                    FromName = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    FromAddress = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    ChangedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MailRelays", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Pages",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Slug = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    HostName = table.Column<string>(type: "character varying(253)", maxLength: 253, nullable: true),
                    Theme = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    Language = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: false, defaultValue: "en"),
                    Style = table.Column<string>(type: "character varying(20000)", maxLength: 20000, nullable: true),
                    Accent = table.Column<string>(type: "character varying(7)", maxLength: 7, nullable: true),
                    DarkAccent = table.Column<string>(type: "character varying(7)", maxLength: 7, nullable: true),
                    Logo = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    DarkLogo = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    Icon = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    SenderName = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    SenderAddress = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    StepsPutAwayAt = table.Column<long>(type: "bigint", nullable: true),
                    TemplatesGivenAt = table.Column<long>(type: "bigint", nullable: true),
                    ClosedAt = table.Column<long>(type: "bigint", nullable: true),
                    TimeZone = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    ShowsSeverity = table.Column<bool>(type: "boolean", nullable: false),
                    PartialPercent = table.Column<int>(type: "integer", nullable: false, defaultValue: 30),
                    TakesSubscribers = table.Column<bool>(type: "boolean", nullable: false),
                    OverdueGrace = table.Column<int>(type: "integer", nullable: false, defaultValue: 5),
                    FirstEscalation = table.Column<int>(type: "integer", nullable: false, defaultValue: 15),
                    SecondEscalation = table.Column<int>(type: "integer", nullable: false, defaultValue: 30),
                    ShowsPromises = table.Column<bool>(type: "boolean", nullable: false),
                    RequiresSecondFactor = table.Column<bool>(type: "boolean", nullable: false),
                    TakeBack = table.Column<int>(type: "integer", nullable: false, defaultValue: 10),
                    Version = table.Column<long>(type: "bigint", nullable: false),
                    ChangedAt = table.Column<long>(type: "bigint", nullable: false),
                    LinkKey = table.Column<byte[]>(type: "bytea", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Pages", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "SetUpTokens",
                columns: table => new
                {
                    Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SetUpTokens", x => x.Hash);
                });

            migrationBuilder.CreateTable(
                name: "WriteProbes",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_WriteProbes", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserClaims",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    UserId = table.Column<string>(type: "text", nullable: false),
                    ClaimType = table.Column<string>(type: "text", nullable: true),
                    ClaimValue = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserClaims", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AspNetUserClaims_Accounts_UserId",
                        column: x => x.UserId,
                        principalTable: "Accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserLogins",
                columns: table => new
                {
                    LoginProvider = table.Column<string>(type: "text", nullable: false),
                    ProviderKey = table.Column<string>(type: "text", nullable: false),
                    ProviderDisplayName = table.Column<string>(type: "text", nullable: true),
                    UserId = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserLogins", x => new { x.LoginProvider, x.ProviderKey });
                    table.ForeignKey(
                        name: "FK_AspNetUserLogins_Accounts_UserId",
                        column: x => x.UserId,
                        principalTable: "Accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserPasskeys",
                columns: table => new
                {
                    CredentialId = table.Column<byte[]>(type: "bytea", maxLength: 1024, nullable: false),
                    UserId = table.Column<string>(type: "text", nullable: false),
                    Data = table.Column<string>(type: "jsonb", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserPasskeys", x => x.CredentialId);
                    table.ForeignKey(
                        name: "FK_AspNetUserPasskeys_Accounts_UserId",
                        column: x => x.UserId,
                        principalTable: "Accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AspNetUserTokens",
                columns: table => new
                {
                    UserId = table.Column<string>(type: "text", nullable: false),
                    LoginProvider = table.Column<string>(type: "text", nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Value = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AspNetUserTokens", x => new { x.UserId, x.LoginProvider, x.Name });
                    table.ForeignKey(
                        name: "FK_AspNetUserTokens_Accounts_UserId",
                        column: x => x.UserId,
                        principalTable: "Accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "DeskBrowsers",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    AccountId = table.Column<string>(type: "character varying(450)", maxLength: 450, nullable: false),
                    Key = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: false),
                    Endpoint = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    PushKey = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    PushSecret = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeskBrowsers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DeskBrowsers_Accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "Accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "DeskSessions",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(24)", maxLength: 24, nullable: false),
                    AccountId = table.Column<string>(type: "text", nullable: false),
                    BegunAt = table.Column<long>(type: "bigint", nullable: false),
                    SeenAt = table.Column<long>(type: "bigint", nullable: false),
                    Address = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    UserAgent = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    ProvenAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeskSessions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DeskSessions_Accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "Accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AlertRules",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    IsOn = table.Column<bool>(type: "boolean", nullable: false),
                    SourceId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true),
                    Conditions = table.Column<string>(type: "text", nullable: false),
                    HoldsFor = table.Column<int>(type: "integer", nullable: false),
                    AtLeast = table.Column<int>(type: "integer", nullable: false),
                    Within = table.Column<int>(type: "integer", nullable: false),
                    Action = table.Column<int>(type: "integer", nullable: false),
                    Delay = table.Column<int>(type: "integer", nullable: false),
                    Guard = table.Column<int>(type: "integer", nullable: false),
                    JoinsWithin = table.Column<int>(type: "integer", nullable: false),
                    Components = table.Column<string>(type: "text", nullable: false),
                    Severity = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: true),
                    TemplateId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    AudienceId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    PostsMonitoring = table.Column<bool>(type: "boolean", nullable: false),
                    ChartQuery = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertRules", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AlertRules_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AlertSources",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Secret = table.Column<string>(type: "text", nullable: false),
                    FormerSecret = table.Column<string>(type: "text", nullable: true),
                    FormerUntil = table.Column<long>(type: "bigint", nullable: true),
                    EarlierSecrets = table.Column<string>(type: "text", nullable: false),
                    Mapping = table.Column<string>(type: "text", nullable: true),
                    BeatsEvery = table.Column<int>(type: "integer", nullable: true),
                    HeardAt = table.Column<long>(type: "bigint", nullable: true),
                    ExcusedUntil = table.Column<long>(type: "bigint", nullable: true),
                    SilentSince = table.Column<long>(type: "bigint", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Prometheus = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertSources", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AlertSources_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Announcements",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    IncidentId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    UpdateId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    AudienceId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    Channels = table.Column<int>(type: "integer", nullable: false),
                    IsCorrection = table.Column<bool>(type: "boolean", nullable: false),
                    MaintenanceId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    Event = table.Column<int>(type: "integer", nullable: true),
                    Key = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    SubscriberId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    ComponentIds = table.Column<string>(type: "text", nullable: false),
                    OldStatus = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: true),
                    NewStatus = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    FannedOutTo = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    FannedOutAt = table.Column<long>(type: "bigint", nullable: true),
                    CountedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Announcements", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Announcements_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Audiences",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Slug = table.Column<string>(type: "character varying(70)", maxLength: 70, nullable: false),
                    ClosedAt = table.Column<long>(type: "bigint", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Audiences", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Audiences_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "BrandPictures",
                columns: table => new
                {
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    File = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Bytes = table.Column<byte[]>(type: "bytea", nullable: false),
                    Width = table.Column<int>(type: "integer", nullable: true),
                    Height = table.Column<int>(type: "integer", nullable: true),
                    UploadedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_BrandPictures", x => new { x.PageId, x.File });
                    table.ForeignKey(
                        name: "FK_BrandPictures_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ChannelAccounts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Channel = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    BaseAddress = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    Handle = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    Secrets = table.Column<string>(type: "text", nullable: false),
                    IsOn = table.Column<bool>(type: "boolean", nullable: false),
                    PostsPrivate = table.Column<bool>(type: "boolean", nullable: false),
                    Trouble = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    TroubleSince = table.Column<long>(type: "bigint", nullable: true),
                    LastSentAt = table.Column<long>(type: "bigint", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ChannelAccounts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ChannelAccounts_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ComponentGroups",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Description = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ComponentGroups", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ComponentGroups_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Contacts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Channel = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Address = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    Secrets = table.Column<string>(type: "text", nullable: true),
                    Level = table.Column<int>(type: "integer", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Contacts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Contacts_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Destinations",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    BaseUrl = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false),
                    Settings = table.Column<string>(type: "text", nullable: false),
                    Secrets = table.Column<string>(type: "text", nullable: false),
                    ExpiresOn = table.Column<DateOnly>(type: "date", nullable: true),
                    IsOn = table.Column<bool>(type: "boolean", nullable: false),
                    PausedUntil = table.Column<long>(type: "bigint", nullable: true),
                    Trouble = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    TroubleSince = table.Column<long>(type: "bigint", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Destinations", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Destinations_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Exercises",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Script = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Title = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    Severity = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    Leader = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    StartedAt = table.Column<long>(type: "bigint", nullable: false),
                    Revealed = table.Column<int>(type: "integer", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Exercises", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Exercises_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Handovers",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Body = table.Column<string>(type: "character varying(20000)", maxLength: 20000, nullable: false),
                    Author = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    Editor = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false),
                    AcknowledgedBy = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    AcknowledgedAt = table.Column<long>(type: "bigint", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Handovers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Handovers_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Incidents",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Title = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    Phase = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    Severity = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: true),
                    ImpactOverride = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: true),
                    ComputedImpact = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    ProposedImpact = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false, defaultValue: "None"),
                    StartedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false),
                    MonitoringAt = table.Column<long>(type: "bigint", nullable: true),
                    ResolvedAt = table.Column<long>(type: "bigint", nullable: true),
                    BackfilledAt = table.Column<long>(type: "bigint", nullable: true),
                    IsPublic = table.Column<bool>(type: "boolean", nullable: false),
                    WithdrawnAt = table.Column<long>(type: "bigint", nullable: true),
                    PostmortemBody = table.Column<string>(type: "character varying(25000)", maxLength: 25000, nullable: true),
                    PostmortemUpdatedAt = table.Column<long>(type: "bigint", nullable: true),
                    PostmortemAuthor = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    PostmortemPublishedAt = table.Column<long>(type: "bigint", nullable: true),
                    PostmortemToldAt = table.Column<long>(type: "bigint", nullable: true),
                    Metadata = table.Column<string>(type: "character varying(10000)", maxLength: 10000, nullable: true),
                    DeletedAt = table.Column<long>(type: "bigint", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false),
                    LeavesTrouble = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Incidents", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Incidents_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "MailTests",
                columns: table => new
                {
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    By = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    IsTaken = table.Column<bool>(type: "boolean", nullable: false),
                    Answer = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MailTests", x => x.PageId);
                    table.ForeignKey(
                        name: "FK_MailTests_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "MaintenanceSeries",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Unit = table.Column<int>(type: "integer", nullable: false),
                    Interval = table.Column<int>(type: "integer", nullable: false),
                    FirstStart = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    FirstEnd = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    LastDay = table.Column<DateOnly>(type: "date", nullable: true),
                    Count = table.Column<int>(type: "integer", nullable: true),
                    Made = table.Column<int>(type: "integer", nullable: false),
                    Title = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    Body = table.Column<string>(type: "character varying(25000)", maxLength: 25000, nullable: false),
                    StartsItself = table.Column<bool>(type: "boolean", nullable: false),
                    End = table.Column<int>(type: "integer", nullable: false),
                    VerifyFor = table.Column<int>(type: "integer", nullable: true),
                    RemindBefore = table.Column<int>(type: "integer", nullable: true),
                    TellsPhases = table.Column<bool>(type: "boolean", nullable: false),
                    ComponentIds = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MaintenanceSeries", x => x.Id);
                    table.ForeignKey(
                        name: "FK_MaintenanceSeries_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Memberships",
                columns: table => new
                {
                    AccountId = table.Column<string>(type: "text", nullable: false),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Role = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Since = table.Column<long>(type: "bigint", nullable: false),
                    GrantedBy = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    ConfirmedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Memberships", x => new { x.AccountId, x.PageId });
                    table.ForeignKey(
                        name: "FK_Memberships_Accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "Accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Memberships_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Metrics",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Suffix = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: true),
                    DecimalPlaces = table.Column<int>(type: "integer", nullable: false),
                    IsShown = table.Column<bool>(type: "boolean", nullable: false),
                    YAxisMin = table.Column<double>(type: "double precision", nullable: true),
                    YAxisMax = table.Column<double>(type: "double precision", nullable: true),
                    YAxisHidden = table.Column<bool>(type: "boolean", nullable: false),
                    TooltipDescription = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    Identifier = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    Address = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    Query = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    AskedAt = table.Column<long>(type: "bigint", nullable: true),
                    LastError = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Metrics", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Metrics_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Notices",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Key = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Channel = table.Column<int>(type: "integer", nullable: false),
                    Address = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    Subject = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    Body = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false),
                    Action = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    Link = table.Column<string>(type: "text", nullable: true),
                    Topic = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    Closes = table.Column<bool>(type: "boolean", nullable: false),
                    Urgency = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    NextAttemptAt = table.Column<long>(type: "bigint", nullable: false),
                    LeasedBy = table.Column<string>(type: "character varying(80)", maxLength: 80, nullable: true),
                    LastError = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    FinishedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Notices", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Notices_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "OneTimeLinks",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Purpose = table.Column<int>(type: "integer", nullable: false),
                    Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Email = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    Role = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: true),
                    AccountId = table.Column<string>(type: "text", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_OneTimeLinks", x => x.Id);
                    table.ForeignKey(
                        name: "FK_OneTimeLinks_Accounts_AccountId",
                        column: x => x.AccountId,
                        principalTable: "Accounts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_OneTimeLinks_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PageAccess",
                columns: table => new
                {
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    PrivateSince = table.Column<long>(type: "bigint", nullable: true),
                    PasswordHash = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    MailsLinks = table.Column<bool>(type: "boolean", nullable: false),
                    SubscribersRead = table.Column<bool>(type: "boolean", nullable: false),
                    ProviderReads = table.Column<bool>(type: "boolean", nullable: false),
                    ProviderListedOnly = table.Column<bool>(type: "boolean", nullable: false),
                    People = table.Column<string>(type: "text", nullable: false),
                    Key = table.Column<byte[]>(type: "bytea", nullable: false),
                    Stamp = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PageAccess", x => x.PageId);
                    table.ForeignKey(
                        name: "FK_PageAccess_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PostmortemTemplates",
                columns: table => new
                {
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Body = table.Column<string>(type: "character varying(10000)", maxLength: 10000, nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PostmortemTemplates", x => x.PageId);
                    table.ForeignKey(
                        name: "FK_PostmortemTemplates_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ReadTokens",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    RevokedAt = table.Column<long>(type: "bigint", nullable: true),
                    LastUsedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ReadTokens", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ReadTokens_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Runbooks",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Body = table.Column<string>(type: "character varying(50000)", maxLength: 50000, nullable: false),
                    Revision = table.Column<int>(type: "integer", nullable: false),
                    ComponentIds = table.Column<string>(type: "text", nullable: false),
                    AlertRuleIds = table.Column<string>(type: "text", nullable: false),
                    ReviewEvery = table.Column<int>(type: "integer", nullable: false),
                    ReviewedAt = table.Column<long>(type: "bigint", nullable: false),
                    ReviewedBy = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false),
                    ArchivedAt = table.Column<long>(type: "bigint", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Runbooks", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Runbooks_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "SeverityRules",
                columns: table => new
                {
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Severity = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    Cadence = table.Column<int>(type: "integer", nullable: false),
                    ProposedStatus = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    NeedsApproval = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_SeverityRules", x => new { x.PageId, x.Severity });
                    table.ForeignKey(
                        name: "FK_SeverityRules_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Templates",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Opens = table.Column<bool>(type: "boolean", nullable: false),
                    Phase = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    Severity = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: true),
                    Title = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    Body = table.Column<string>(type: "character varying(25000)", maxLength: 25000, nullable: false),
                    ImpactSummary = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    TeamStatus = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    ComponentIds = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Templates", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Templates_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AlertDeliveries",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SourceId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    ReceivedAt = table.Column<long>(type: "bigint", nullable: false),
                    Body = table.Column<byte[]>(type: "bytea", nullable: false),
                    Proof = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    IsTest = table.Column<bool>(type: "boolean", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    Outcome = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    RuleId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true),
                    CaseId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertDeliveries", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AlertDeliveries_AlertSources_SourceId",
                        column: x => x.SourceId,
                        principalTable: "AlertSources",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Subscribers",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    AudienceId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    Channel = table.Column<int>(type: "integer", nullable: false),
                    Email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: true),
                    Endpoint = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    Chat = table.Column<int>(type: "integer", nullable: true),
                    Secrets = table.Column<string>(type: "text", nullable: true),
                    PushKey = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    PushSecret = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    Key = table.Column<string>(type: "character varying(513)", maxLength: 513, nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    SuppressedFor = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    WantsEverything = table.Column<bool>(type: "boolean", nullable: false),
                    ComponentIds = table.Column<string>(type: "text", nullable: false),
                    IncidentIds = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Language = table.Column<string>(type: "character varying(8)", maxLength: 8, nullable: true),
                    ConfirmedAt = table.Column<long>(type: "bigint", nullable: true),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Subscribers", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Subscribers_Audiences_AudienceId",
                        column: x => x.AudienceId,
                        principalTable: "Audiences",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Subscribers_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Components",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    GroupId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    Slug = table.Column<string>(type: "character varying(70)", maxLength: 70, nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Description = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false),
                    ArchivedAt = table.Column<long>(type: "bigint", nullable: true),
                    StartedAt = table.Column<long>(type: "bigint", nullable: false),
                    Showcase = table.Column<bool>(type: "boolean", nullable: false),
                    OnlyShowIfDegraded = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Components", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Components_ComponentGroups_GroupId",
                        column: x => x.GroupId,
                        principalTable: "ComponentGroups",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.SetNull);
                    table.ForeignKey(
                        name: "FK_Components_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "DestinationDeliveries",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    DestinationId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    ReceivedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DestinationDeliveries", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DestinationDeliveries_Destinations_DestinationId",
                        column: x => x.DestinationId,
                        principalTable: "Destinations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "ExerciseLine",
                columns: table => new
                {
                    ExerciseId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Kind = table.Column<int>(type: "integer", nullable: false),
                    Body = table.Column<string>(type: "character varying(25000)", maxLength: 25000, nullable: false),
                    By = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Phase = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: true),
                    ImpactSummary = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    TeamStatus = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ExerciseLine", x => new { x.ExerciseId, x.Number });
                    table.ForeignKey(
                        name: "FK_ExerciseLine_Exercises_ExerciseId",
                        column: x => x.ExerciseId,
                        principalTable: "Exercises",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ActionItems",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    IncidentId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Title = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    WrittenBy = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    Owner = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    DueOn = table.Column<DateOnly>(type: "date", nullable: true),
                    Priority = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    Finding = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false),
                    ClosedAt = table.Column<long>(type: "bigint", nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ActionItems", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ActionItems_Incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "Incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_ActionItems_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AlertCases",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Title = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    Severity = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: true),
                    State = table.Column<int>(type: "integer", nullable: false),
                    RuleId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true),
                    ComponentIds = table.Column<string>(type: "text", nullable: false),
                    DraftId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    IncidentId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    DraftVersion = table.Column<int>(type: "integer", nullable: false),
                    ClosedAt = table.Column<long>(type: "bigint", nullable: true),
                    EndDraftId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    EndDraftVersion = table.Column<int>(type: "integer", nullable: false),
                    AlertedAt = table.Column<long>(type: "bigint", nullable: false),
                    ReceivedAt = table.Column<long>(type: "bigint", nullable: false),
                    DraftedAt = table.Column<long>(type: "bigint", nullable: true),
                    TakenAt = table.Column<long>(type: "bigint", nullable: true),
                    TakenBy = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    FirstUpdateAt = table.Column<long>(type: "bigint", nullable: true),
                    ResolvedAt = table.Column<long>(type: "bigint", nullable: true),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    DueAt = table.Column<long>(type: "bigint", nullable: true),
                    PublishesItself = table.Column<bool>(type: "boolean", nullable: false),
                    StoppedBy = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    WasPublishedByItself = table.Column<bool>(type: "boolean", nullable: false),
                    IsFlapping = table.Column<bool>(type: "boolean", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertCases", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AlertCases_Incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "Incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_AlertCases_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "DestinationLinks",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    DestinationId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    IncidentId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    What = table.Column<int>(type: "integer", nullable: false),
                    ObjectId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    Place = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    FormerUrl = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    State = table.Column<int>(type: "integer", nullable: false),
                    RemoteId = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    Url = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: true),
                    RemoteVersion = table.Column<int>(type: "integer", nullable: true),
                    ReadPrint = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    SentPrint = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    Revision = table.Column<int>(type: "integer", nullable: false),
                    PendingWords = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    Title = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    PendingTitle = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: true),
                    RemoteState = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: true),
                    RemoteStateAt = table.Column<long>(type: "bigint", nullable: true),
                    CheckAt = table.Column<long>(type: "bigint", nullable: true),
                    Asked = table.Column<int>(type: "integer", nullable: false),
                    AskedAt = table.Column<long>(type: "bigint", nullable: false),
                    Attempts = table.Column<int>(type: "integer", nullable: false),
                    NextAttemptAt = table.Column<long>(type: "bigint", nullable: true),
                    LeasedBy = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true),
                    ClaimedAt = table.Column<long>(type: "bigint", nullable: true),
                    LastError = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DestinationLinks", x => x.Id);
                    table.ForeignKey(
                        name: "FK_DestinationLinks_Destinations_DestinationId",
                        column: x => x.DestinationId,
                        principalTable: "Destinations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_DestinationLinks_Incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "Incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Drafts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    IncidentId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    Corrects = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    Author = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    Editor = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    Form = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Content = table.Column<string>(type: "text", nullable: false),
                    Title = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    SubmittedBy = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    SubmittedAt = table.Column<long>(type: "bigint", nullable: true),
                    SentBackBecause = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    PostsAt = table.Column<long>(type: "bigint", nullable: true),
                    Poster = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    PostsOn = table.Column<int>(type: "integer", nullable: true),
                    PostsAnyway = table.Column<bool>(type: "boolean", nullable: false),
                    NotPostedBecause = table.Column<string>(type: "text", nullable: true),
                    PublishedAs = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Drafts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Drafts_Incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "Incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Drafts_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "IncidentAssignments",
                columns: table => new
                {
                    IncidentId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Role = table.Column<int>(type: "integer", nullable: false),
                    Person = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IncidentAssignments", x => new { x.IncidentId, x.Role });
                    table.ForeignKey(
                        name: "FK_IncidentAssignments_Incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "Incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "IncidentNotes",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    IncidentId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Body = table.Column<string>(type: "character varying(10000)", maxLength: 10000, nullable: false),
                    Author = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IncidentNotes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_IncidentNotes_Incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "Incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "IncidentUpdates",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    IncidentId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Phase = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    Body = table.Column<string>(type: "character varying(25000)", maxLength: 25000, nullable: false),
                    ImpactSummary = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    TeamStatus = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    NextUpdateBy = table.Column<long>(type: "bigint", nullable: true),
                    Affected = table.Column<string>(type: "text", nullable: false),
                    Notifies = table.Column<bool>(type: "boolean", nullable: false),
                    Channels = table.Column<int>(type: "integer", nullable: false),
                    IsPublic = table.Column<bool>(type: "boolean", nullable: false),
                    AudienceIds = table.Column<string>(type: "text", nullable: false),
                    Wordings = table.Column<string>(type: "text", nullable: false),
                    Translations = table.Column<string>(type: "text", nullable: false),
                    Author = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    DraftedBy = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    ApprovedBy = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    PostedAt = table.Column<long>(type: "bigint", nullable: false),
                    Revisions = table.Column<string>(type: "text", nullable: false),
                    WithdrawnAt = table.Column<long>(type: "bigint", nullable: true),
                    WithdrawnBecause = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_IncidentUpdates", x => x.Id);
                    table.ForeignKey(
                        name: "FK_IncidentUpdates_Incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "Incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "MomentCorrections",
                columns: table => new
                {
                    IncidentId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Moment = table.Column<int>(type: "integer", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    By = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    CorrectedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MomentCorrections", x => new { x.IncidentId, x.Moment });
                    table.ForeignKey(
                        name: "FK_MomentCorrections_Incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "Incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "PostmortemComments",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    IncidentId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Section = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    Body = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    Author = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    DoneAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_PostmortemComments", x => x.Id);
                    table.ForeignKey(
                        name: "FK_PostmortemComments_Incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "Incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Postmortems",
                columns: table => new
                {
                    IncidentId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    State = table.Column<int>(type: "integer", nullable: false),
                    UsersAffected = table.Column<long>(type: "bigint", nullable: true),
                    Revenue = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    Sections = table.Column<string>(type: "text", nullable: false),
                    Timeline = table.Column<string>(type: "text", nullable: false),
                    Writers = table.Column<string>(type: "text", nullable: false),
                    Reviews = table.Column<string>(type: "text", nullable: false),
                    Chosen = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedBy = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    Revision = table.Column<int>(type: "integer", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Postmortems", x => x.IncidentId);
                    table.ForeignKey(
                        name: "FK_Postmortems_Incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "Incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Postmortems_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "Maintenances",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    SeriesId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    Occurrence = table.Column<int>(type: "integer", nullable: true),
                    Title = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    Body = table.Column<string>(type: "character varying(25000)", maxLength: 25000, nullable: false),
                    ScheduledFor = table.Column<long>(type: "bigint", nullable: false),
                    ScheduledUntil = table.Column<long>(type: "bigint", nullable: false),
                    StartsItself = table.Column<bool>(type: "boolean", nullable: false, defaultValue: true),
                    End = table.Column<int>(type: "integer", nullable: false),
                    VerifyFor = table.Column<int>(type: "integer", nullable: true),
                    RemindBefore = table.Column<int>(type: "integer", nullable: true),
                    TellsPhases = table.Column<bool>(type: "boolean", nullable: false),
                    StartedAt = table.Column<long>(type: "bigint", nullable: true),
                    VerifyingAt = table.Column<long>(type: "bigint", nullable: true),
                    CompletedAt = table.Column<long>(type: "bigint", nullable: true),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    UpdatedAt = table.Column<long>(type: "bigint", nullable: false),
                    PlannedAt = table.Column<long>(type: "bigint", nullable: false),
                    CancelledAt = table.Column<long>(type: "bigint", nullable: true),
                    IsBackfilled = table.Column<bool>(type: "boolean", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false),
                    ComponentIds = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Maintenances", x => x.Id);
                    table.ForeignKey(
                        name: "FK_Maintenances_MaintenanceSeries_SeriesId",
                        column: x => x.SeriesId,
                        principalTable: "MaintenanceSeries",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_Maintenances_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "MetricPoints",
                columns: table => new
                {
                    MetricId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Mean = table.Column<double>(type: "double precision", nullable: false),
                    Count = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MetricPoints", x => new { x.MetricId, x.At });
                    table.ForeignKey(
                        name: "FK_MetricPoints_Metrics_MetricId",
                        column: x => x.MetricId,
                        principalTable: "Metrics",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "RunbookRevisions",
                columns: table => new
                {
                    RunbookId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Body = table.Column<string>(type: "character varying(50000)", maxLength: 50000, nullable: false),
                    Author = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RunbookRevisions", x => new { x.RunbookId, x.Number });
                    table.ForeignKey(
                        name: "FK_RunbookRevisions_Runbooks_RunbookId",
                        column: x => x.RunbookId,
                        principalTable: "Runbooks",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "ManualStatuses",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    ComponentId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Status = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ManualStatuses", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ManualStatuses_Components_ComponentId",
                        column: x => x.ComponentId,
                        principalTable: "Components",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "Preventions",
                columns: table => new
                {
                    ItemId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    IncidentId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Preventions", x => new { x.ItemId, x.IncidentId });
                    table.ForeignKey(
                        name: "FK_Preventions_ActionItems_ItemId",
                        column: x => x.ItemId,
                        principalTable: "ActionItems",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_Preventions_Incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "Incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "AlertEpisodes",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    SourceId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    CaseId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    Key = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    OpenKey = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    Title = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    Link = table.Column<string>(type: "text", nullable: true),
                    Content = table.Column<string>(type: "text", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    OpenedAt = table.Column<long>(type: "bigint", nullable: false),
                    LastAt = table.Column<long>(type: "bigint", nullable: false),
                    Count = table.Column<int>(type: "integer", nullable: false),
                    ResolvedAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertEpisodes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AlertEpisodes_AlertCases_CaseId",
                        column: x => x.CaseId,
                        principalTable: "AlertCases",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "AlertLines",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    CaseId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    Said = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_AlertLines", x => x.Id);
                    table.ForeignKey(
                        name: "FK_AlertLines_AlertCases_CaseId",
                        column: x => x.CaseId,
                        principalTable: "AlertCases",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "RunbookTicks",
                columns: table => new
                {
                    RunbookId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    Place = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    StepKey = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    CaseId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true),
                    IncidentId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: true, collation: "C"),
                    By = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RunbookTicks", x => new { x.RunbookId, x.Place, x.StepKey });
                    table.ForeignKey(
                        name: "FK_RunbookTicks_AlertCases_CaseId",
                        column: x => x.CaseId,
                        principalTable: "AlertCases",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_RunbookTicks_Incidents_IncidentId",
                        column: x => x.IncidentId,
                        principalTable: "Incidents",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_RunbookTicks_Runbooks_RunbookId",
                        column: x => x.RunbookId,
                        principalTable: "Runbooks",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "MaintenancePosts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    MaintenanceId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Phase = table.Column<int>(type: "integer", nullable: false),
                    Body = table.Column<string>(type: "character varying(25000)", maxLength: 25000, nullable: false),
                    Notifies = table.Column<bool>(type: "boolean", nullable: false),
                    Author = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    PostedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_MaintenancePosts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_MaintenancePosts_Maintenances_MaintenanceId",
                        column: x => x.MaintenanceId,
                        principalTable: "Maintenances",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.InsertData(
                table: "AuditHead",
                columns: new[] { "Id", "Hash", "Key", "Number", "Signature", "SignedAt" },
                values: new object[] { 1, "0000000000000000000000000000000000000000000000000000000000000000", null, 0L, null, null });

            migrationBuilder.CreateIndex(
                name: "EmailIndex",
                table: "Accounts",
                column: "NormalizedEmail");

            migrationBuilder.CreateIndex(
                name: "UserNameIndex",
                table: "Accounts",
                column: "NormalizedUserName",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ActionItems_IncidentId",
                table: "ActionItems",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_ActionItems_PageId_State_DueOn",
                table: "ActionItems",
                columns: new[] { "PageId", "State", "DueOn" });

            migrationBuilder.CreateIndex(
                name: "IX_AlertCases_DraftId",
                table: "AlertCases",
                column: "DraftId");

            migrationBuilder.CreateIndex(
                name: "IX_AlertCases_DueAt",
                table: "AlertCases",
                column: "DueAt",
                filter: "\"DueAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_AlertCases_IncidentId",
                table: "AlertCases",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_AlertCases_PageId_ReceivedAt",
                table: "AlertCases",
                columns: new[] { "PageId", "ReceivedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_AlertCases_PageId_State",
                table: "AlertCases",
                columns: new[] { "PageId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_AlertDeliveries_ReceivedAt",
                table: "AlertDeliveries",
                column: "ReceivedAt");

            migrationBuilder.CreateIndex(
                name: "IX_AlertDeliveries_RuleId_ReceivedAt",
                table: "AlertDeliveries",
                columns: new[] { "RuleId", "ReceivedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_AlertDeliveries_SourceId_Id",
                table: "AlertDeliveries",
                columns: new[] { "SourceId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AlertDeliveries_SourceId_Proof",
                table: "AlertDeliveries",
                columns: new[] { "SourceId", "Proof" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AlertDeliveries_Waiting",
                table: "AlertDeliveries",
                column: "Id",
                filter: "\"State\" = 0");

            migrationBuilder.CreateIndex(
                name: "IX_AlertEpisodes_CaseId",
                table: "AlertEpisodes",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_AlertEpisodes_SourceId_Key_OpenedAt",
                table: "AlertEpisodes",
                columns: new[] { "SourceId", "Key", "OpenedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_AlertEpisodes_SourceId_OpenKey",
                table: "AlertEpisodes",
                columns: new[] { "SourceId", "OpenKey" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AlertHistories_ChangedAt",
                table: "AlertHistories",
                column: "ChangedAt");

            migrationBuilder.CreateIndex(
                name: "IX_AlertLines_CaseId_Id",
                table: "AlertLines",
                columns: new[] { "CaseId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_AlertRules_PageId",
                table: "AlertRules",
                column: "PageId");

            migrationBuilder.CreateIndex(
                name: "IX_AlertSources_PageId",
                table: "AlertSources",
                column: "PageId");

            migrationBuilder.CreateIndex(
                name: "IX_Announcements_Key",
                table: "Announcements",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Announcements_MaintenanceId",
                table: "Announcements",
                column: "MaintenanceId");

            migrationBuilder.CreateIndex(
                name: "IX_Announcements_NotCounted",
                table: "Announcements",
                column: "CreatedAt",
                filter: "\"CountedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Announcements_PageId",
                table: "Announcements",
                column: "PageId");

            migrationBuilder.CreateIndex(
                name: "IX_Announcements_SubscriberId_CreatedAt",
                table: "Announcements",
                columns: new[] { "SubscriberId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Announcements_ToDo",
                table: "Announcements",
                column: "CreatedAt",
                filter: "\"FannedOutAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Announcements_UpdateId",
                table: "Announcements",
                column: "UpdateId");

            migrationBuilder.CreateIndex(
                name: "IX_ApiKeys_Hash",
                table: "ApiKeys",
                column: "Hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserClaims_UserId",
                table: "AspNetUserClaims",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserLogins_UserId",
                table: "AspNetUserLogins",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_AspNetUserPasskeys_UserId",
                table: "AspNetUserPasskeys",
                column: "UserId");

            migrationBuilder.CreateIndex(
                name: "IX_Audiences_PageId_Slug",
                table: "Audiences",
                columns: new[] { "PageId", "Slug" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Audit_PageId_At",
                table: "Audit",
                columns: new[] { "PageId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Audit_PageId_Id",
                table: "Audit",
                columns: new[] { "PageId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_ChannelAccounts_PageId",
                table: "ChannelAccounts",
                column: "PageId");

            migrationBuilder.CreateIndex(
                name: "IX_ComponentGroups_PageId",
                table: "ComponentGroups",
                column: "PageId");

            migrationBuilder.CreateIndex(
                name: "IX_Components_GroupId",
                table: "Components",
                column: "GroupId");

            migrationBuilder.CreateIndex(
                name: "IX_Components_PageId_Slug",
                table: "Components",
                columns: new[] { "PageId", "Slug" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Contacts_PageId",
                table: "Contacts",
                column: "PageId");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_AnnouncementId_RecipientId_Channel",
                table: "Deliveries",
                columns: new[] { "AnnouncementId", "RecipientId", "Channel" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_Due",
                table: "Deliveries",
                columns: new[] { "Channel", "NextAttemptAt", "Id" },
                filter: "\"State\" IN (0, 1)");

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_Failed",
                table: "Deliveries",
                column: "FinishedAt",
                filter: "\"State\" = 3");

            migrationBuilder.CreateIndex(
                name: "IX_DeskBrowsers_AccountId",
                table: "DeskBrowsers",
                column: "AccountId");

            migrationBuilder.CreateIndex(
                name: "IX_DeskBrowsers_Key",
                table: "DeskBrowsers",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DeskSessions_AccountId",
                table: "DeskSessions",
                column: "AccountId");

            migrationBuilder.CreateIndex(
                name: "IX_DestinationDeliveries_DestinationId_Name",
                table: "DestinationDeliveries",
                columns: new[] { "DestinationId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DestinationDeliveries_ReceivedAt",
                table: "DestinationDeliveries",
                column: "ReceivedAt");

            migrationBuilder.CreateIndex(
                name: "IX_DestinationLinks_CheckAt",
                table: "DestinationLinks",
                column: "CheckAt",
                filter: "\"CheckAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_DestinationLinks_DestinationId_RemoteId",
                table: "DestinationLinks",
                columns: new[] { "DestinationId", "RemoteId" });

            migrationBuilder.CreateIndex(
                name: "IX_DestinationLinks_DestinationId_What_ObjectId",
                table: "DestinationLinks",
                columns: new[] { "DestinationId", "What", "ObjectId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_DestinationLinks_IncidentId",
                table: "DestinationLinks",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_DestinationLinks_NextAttemptAt",
                table: "DestinationLinks",
                column: "NextAttemptAt",
                filter: "\"NextAttemptAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_DestinationLinks_PageId_IncidentId",
                table: "DestinationLinks",
                columns: new[] { "PageId", "IncidentId" });

            migrationBuilder.CreateIndex(
                name: "IX_Destinations_PageId_Name",
                table: "Destinations",
                columns: new[] { "PageId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Drafts_IncidentId",
                table: "Drafts",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_Drafts_PageId_State",
                table: "Drafts",
                columns: new[] { "PageId", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_Drafts_PostsAt",
                table: "Drafts",
                column: "PostsAt",
                filter: "\"PostsAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Exercises_PageId_StartedAt",
                table: "Exercises",
                columns: new[] { "PageId", "StartedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Handovers_PageId_CreatedAt",
                table: "Handovers",
                columns: new[] { "PageId", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_IdempotentRequests_At",
                table: "IdempotentRequests",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_IncidentNotes_IncidentId",
                table: "IncidentNotes",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_Incidents_Open",
                table: "Incidents",
                column: "PageId",
                filter: "\"ResolvedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Incidents_PageId_StartedAt",
                table: "Incidents",
                columns: new[] { "PageId", "StartedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Incidents_PageId_UpdatedAt",
                table: "Incidents",
                columns: new[] { "PageId", "UpdatedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Incidents_Troubled",
                table: "Incidents",
                columns: new[] { "PageId", "StartedAt" },
                filter: "\"LeavesTrouble\"");

            migrationBuilder.CreateIndex(
                name: "IX_IncidentUpdates_IncidentId_Number",
                table: "IncidentUpdates",
                columns: new[] { "IncidentId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_IncidentUpdates_PostedAt",
                table: "IncidentUpdates",
                column: "PostedAt");

            migrationBuilder.CreateIndex(
                name: "IX_MaintenancePosts_MaintenanceId_Number",
                table: "MaintenancePosts",
                columns: new[] { "MaintenanceId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Maintenances_PageId_ScheduledUntil",
                table: "Maintenances",
                columns: new[] { "PageId", "ScheduledUntil" });

            migrationBuilder.CreateIndex(
                name: "IX_Maintenances_SeriesId_Occurrence",
                table: "Maintenances",
                columns: new[] { "SeriesId", "Occurrence" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_MaintenanceSeries_PageId",
                table: "MaintenanceSeries",
                column: "PageId");

            migrationBuilder.CreateIndex(
                name: "IX_ManualStatuses_ComponentId_At",
                table: "ManualStatuses",
                columns: new[] { "ComponentId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_ManualStatuses_PageId_At",
                table: "ManualStatuses",
                columns: new[] { "PageId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_Memberships_PageId",
                table: "Memberships",
                column: "PageId");

            migrationBuilder.CreateIndex(
                name: "IX_Metrics_PageId",
                table: "Metrics",
                column: "PageId");

            migrationBuilder.CreateIndex(
                name: "IX_Notices_Key",
                table: "Notices",
                column: "Key",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Notices_PageId",
                table: "Notices",
                column: "PageId");

            migrationBuilder.CreateIndex(
                name: "IX_Notices_State_NextAttemptAt",
                table: "Notices",
                columns: new[] { "State", "NextAttemptAt" });

            migrationBuilder.CreateIndex(
                name: "IX_Notices_Topic",
                table: "Notices",
                column: "Topic");

            migrationBuilder.CreateIndex(
                name: "IX_OneTimeLinks_AccountId",
                table: "OneTimeLinks",
                column: "AccountId");

            migrationBuilder.CreateIndex(
                name: "IX_OneTimeLinks_Hash",
                table: "OneTimeLinks",
                column: "Hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_OneTimeLinks_PageId",
                table: "OneTimeLinks",
                column: "PageId");

            migrationBuilder.CreateIndex(
                name: "IX_Pages_HostName",
                table: "Pages",
                column: "HostName",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Pages_Slug",
                table: "Pages",
                column: "Slug",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_PostmortemComments_IncidentId",
                table: "PostmortemComments",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_Postmortems_PageId",
                table: "Postmortems",
                column: "PageId");

            migrationBuilder.CreateIndex(
                name: "IX_Preventions_IncidentId",
                table: "Preventions",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_ReadTokens_Hash",
                table: "ReadTokens",
                column: "Hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_ReadTokens_PageId",
                table: "ReadTokens",
                column: "PageId");

            migrationBuilder.CreateIndex(
                name: "IX_Runbooks_PageId_Name",
                table: "Runbooks",
                columns: new[] { "PageId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RunbookTicks_CaseId",
                table: "RunbookTicks",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_RunbookTicks_IncidentId",
                table: "RunbookTicks",
                column: "IncidentId");

            migrationBuilder.CreateIndex(
                name: "IX_Subscribers_AudienceId",
                table: "Subscribers",
                column: "AudienceId");

            migrationBuilder.CreateIndex(
                name: "IX_Subscribers_PageId_CreatedAt_Id",
                table: "Subscribers",
                columns: new[] { "PageId", "CreatedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Subscribers_PageId_Email",
                table: "Subscribers",
                columns: new[] { "PageId", "Email" });

            migrationBuilder.CreateIndex(
                name: "IX_Subscribers_PageId_Endpoint",
                table: "Subscribers",
                columns: new[] { "PageId", "Endpoint" },
                filter: "\"Endpoint\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Subscribers_PageId_Id",
                table: "Subscribers",
                columns: new[] { "PageId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Subscribers_PageId_Key",
                table: "Subscribers",
                columns: new[] { "PageId", "Key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Subscribers_PageId_State_Channel_WantsEverything_AudienceId",
                table: "Subscribers",
                columns: new[] { "PageId", "State", "Channel", "WantsEverything", "AudienceId" });

            migrationBuilder.CreateIndex(
                name: "IX_Templates_PageId",
                table: "Templates",
                column: "PageId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "AlertDeliveries");

            migrationBuilder.DropTable(
                name: "AlertEpisodes");

            migrationBuilder.DropTable(
                name: "AlertHistories");

            migrationBuilder.DropTable(
                name: "AlertLines");

            migrationBuilder.DropTable(
                name: "AlertRules");

            migrationBuilder.DropTable(
                name: "Announcements");

            migrationBuilder.DropTable(
                name: "ApiKeys");

            migrationBuilder.DropTable(
                name: "AspNetUserClaims");

            migrationBuilder.DropTable(
                name: "AspNetUserLogins");

            migrationBuilder.DropTable(
                name: "AspNetUserPasskeys");

            migrationBuilder.DropTable(
                name: "AspNetUserTokens");

            migrationBuilder.DropTable(
                name: "Audit");

            migrationBuilder.DropTable(
                name: "AuditHead");

            migrationBuilder.DropTable(
                name: "BrandPictures");

            migrationBuilder.DropTable(
                name: "ChannelAccounts");

            migrationBuilder.DropTable(
                name: "Contacts");

            migrationBuilder.DropTable(
                name: "DailyHeads");

            migrationBuilder.DropTable(
                name: "DataProtectionKeys");

            migrationBuilder.DropTable(
                name: "Deliveries");

            migrationBuilder.DropTable(
                name: "DeliveryPauses");

            migrationBuilder.DropTable(
                name: "DeliveryTotals");

            migrationBuilder.DropTable(
                name: "DeskBrowsers");

            migrationBuilder.DropTable(
                name: "DeskSessions");

            migrationBuilder.DropTable(
                name: "DestinationDeliveries");

            migrationBuilder.DropTable(
                name: "DestinationLinks");

            migrationBuilder.DropTable(
                name: "Drafts");

            migrationBuilder.DropTable(
                name: "ExerciseLine");

            migrationBuilder.DropTable(
                name: "FormPosts");

            migrationBuilder.DropTable(
                name: "Handovers");

            migrationBuilder.DropTable(
                name: "IdempotentRequests");

            migrationBuilder.DropTable(
                name: "IncidentAssignments");

            migrationBuilder.DropTable(
                name: "IncidentNotes");

            migrationBuilder.DropTable(
                name: "IncidentUpdates");

            migrationBuilder.DropTable(
                name: "MailRelays");

            migrationBuilder.DropTable(
                name: "MailTests");

            migrationBuilder.DropTable(
                name: "MaintenancePosts");

            migrationBuilder.DropTable(
                name: "ManualStatuses");

            migrationBuilder.DropTable(
                name: "Memberships");

            migrationBuilder.DropTable(
                name: "MetricPoints");

            migrationBuilder.DropTable(
                name: "MomentCorrections");

            migrationBuilder.DropTable(
                name: "Notices");

            migrationBuilder.DropTable(
                name: "OneTimeLinks");

            migrationBuilder.DropTable(
                name: "PageAccess");

            migrationBuilder.DropTable(
                name: "PostmortemComments");

            migrationBuilder.DropTable(
                name: "Postmortems");

            migrationBuilder.DropTable(
                name: "PostmortemTemplates");

            migrationBuilder.DropTable(
                name: "Preventions");

            migrationBuilder.DropTable(
                name: "ReadTokens");

            migrationBuilder.DropTable(
                name: "RunbookRevisions");

            migrationBuilder.DropTable(
                name: "RunbookTicks");

            migrationBuilder.DropTable(
                name: "SetUpTokens");

            migrationBuilder.DropTable(
                name: "SeverityRules");

            migrationBuilder.DropTable(
                name: "Subscribers");

            migrationBuilder.DropTable(
                name: "Templates");

            migrationBuilder.DropTable(
                name: "WriteProbes");

            migrationBuilder.DropTable(
                name: "AlertSources");

            migrationBuilder.DropTable(
                name: "Destinations");

            migrationBuilder.DropTable(
                name: "Exercises");

            migrationBuilder.DropTable(
                name: "Maintenances");

            migrationBuilder.DropTable(
                name: "Components");

            migrationBuilder.DropTable(
                name: "Metrics");

            migrationBuilder.DropTable(
                name: "Accounts");

            migrationBuilder.DropTable(
                name: "ActionItems");

            migrationBuilder.DropTable(
                name: "AlertCases");

            migrationBuilder.DropTable(
                name: "Runbooks");

            migrationBuilder.DropTable(
                name: "Audiences");

            migrationBuilder.DropTable(
                name: "MaintenanceSeries");

            migrationBuilder.DropTable(
                name: "ComponentGroups");

            migrationBuilder.DropTable(
                name: "Incidents");

            migrationBuilder.DropTable(
                name: "Pages");
        }
    }
}
