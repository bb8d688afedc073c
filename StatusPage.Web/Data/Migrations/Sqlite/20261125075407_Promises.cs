using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StatusPage.Web.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Promises : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "FirstEscalation",
                table: "Pages",
                type: "INTEGER",
                nullable: false,
                defaultValue: 15);

            migrationBuilder.AddColumn<int>(
                name: "OverdueGrace",
                table: "Pages",
                type: "INTEGER",
                nullable: false,
                defaultValue: 5);

            migrationBuilder.AddColumn<int>(
                name: "SecondEscalation",
                table: "Pages",
                type: "INTEGER",
                nullable: false,
                defaultValue: 30);

            migrationBuilder.AddColumn<bool>(
                name: "ShowsPromises",
                table: "Pages",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "Closes",
                table: "Notices",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Topic",
                table: "Notices",
                type: "TEXT",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Urgency",
                table: "Notices",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "CompletedAt",
                table: "Maintenances",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "End",
                table: "Maintenances",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<int>(
                name: "Occurrence",
                table: "Maintenances",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "PlannedAt",
                table: "Maintenances",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "RemindBefore",
                table: "Maintenances",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SeriesId",
                table: "Maintenances",
                type: "TEXT",
                maxLength: 12,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "StartedAt",
                table: "Maintenances",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "StartsItself",
                table: "Maintenances",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<bool>(
                name: "TellsPhases",
                table: "Maintenances",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "VerifyFor",
                table: "Maintenances",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "VerifyingAt",
                table: "Maintenances",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Event",
                table: "Announcements",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Key",
                table: "Announcements",
                type: "TEXT",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "MaintenanceId",
                table: "Announcements",
                type: "TEXT",
                maxLength: 12,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "Contacts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    PageId = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    Channel = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Address = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    Secrets = table.Column<string>(type: "TEXT", nullable: true),
                    Level = table.Column<int>(type: "INTEGER", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: false)
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
                name: "DeskBrowsers",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    AccountId = table.Column<string>(type: "TEXT", maxLength: 450, nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 80, nullable: false),
                    Endpoint = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: false),
                    PushKey = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    PushSecret = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
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
                name: "MaintenancePosts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    MaintenanceId = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    Phase = table.Column<int>(type: "INTEGER", nullable: false),
                    Body = table.Column<string>(type: "TEXT", maxLength: 25000, nullable: false),
                    Notifies = table.Column<bool>(type: "INTEGER", nullable: false),
                    Author = table.Column<string>(type: "TEXT", maxLength: 300, nullable: false),
                    PostedAt = table.Column<long>(type: "INTEGER", nullable: false)
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

            migrationBuilder.CreateTable(
                name: "MaintenanceSeries",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    PageId = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    Unit = table.Column<int>(type: "INTEGER", nullable: false),
                    Interval = table.Column<int>(type: "INTEGER", nullable: false),
                    FirstStart = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    FirstEnd = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    LastDay = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    Count = table.Column<int>(type: "INTEGER", nullable: true),
                    Made = table.Column<int>(type: "INTEGER", nullable: false),
                    Title = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false),
                    Body = table.Column<string>(type: "TEXT", maxLength: 25000, nullable: false),
                    StartsItself = table.Column<bool>(type: "INTEGER", nullable: false),
                    End = table.Column<int>(type: "INTEGER", nullable: false),
                    VerifyFor = table.Column<int>(type: "INTEGER", nullable: true),
                    RemindBefore = table.Column<int>(type: "INTEGER", nullable: true),
                    TellsPhases = table.Column<bool>(type: "INTEGER", nullable: false),
                    ComponentIds = table.Column<string>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false)
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

            migrationBuilder.CreateIndex(
                name: "IX_Notices_Topic",
                table: "Notices",
                column: "Topic");

            migrationBuilder.CreateIndex(
                name: "IX_Maintenances_SeriesId_Occurrence",
                table: "Maintenances",
                columns: new[] { "SeriesId", "Occurrence" },
                unique: true);

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
                name: "IX_Contacts_PageId",
                table: "Contacts",
                column: "PageId");

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
                name: "IX_MaintenancePosts_MaintenanceId_Number",
                table: "MaintenancePosts",
                columns: new[] { "MaintenanceId", "Number" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_MaintenanceSeries_PageId",
                table: "MaintenanceSeries",
                column: "PageId");

            migrationBuilder.AddForeignKey(
                name: "FK_Maintenances_MaintenanceSeries_SeriesId",
                table: "Maintenances",
                column: "SeriesId",
                principalTable: "MaintenanceSeries",
                principalColumn: "Id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_Maintenances_MaintenanceSeries_SeriesId",
                table: "Maintenances");

            migrationBuilder.DropTable(
                name: "Contacts");

            migrationBuilder.DropTable(
                name: "DeskBrowsers");

            migrationBuilder.DropTable(
                name: "MaintenancePosts");

            migrationBuilder.DropTable(
                name: "MaintenanceSeries");

            migrationBuilder.DropIndex(
                name: "IX_Notices_Topic",
                table: "Notices");

            migrationBuilder.DropIndex(
                name: "IX_Maintenances_SeriesId_Occurrence",
                table: "Maintenances");

            migrationBuilder.DropIndex(
                name: "IX_Announcements_Key",
                table: "Announcements");

            migrationBuilder.DropIndex(
                name: "IX_Announcements_MaintenanceId",
                table: "Announcements");

            migrationBuilder.DropColumn(
                name: "FirstEscalation",
                table: "Pages");

            migrationBuilder.DropColumn(
                name: "OverdueGrace",
                table: "Pages");

            migrationBuilder.DropColumn(
                name: "SecondEscalation",
                table: "Pages");

            migrationBuilder.DropColumn(
                name: "ShowsPromises",
                table: "Pages");

            migrationBuilder.DropColumn(
                name: "Closes",
                table: "Notices");

            migrationBuilder.DropColumn(
                name: "Topic",
                table: "Notices");

            migrationBuilder.DropColumn(
                name: "Urgency",
                table: "Notices");

            migrationBuilder.DropColumn(
                name: "CompletedAt",
                table: "Maintenances");

            migrationBuilder.DropColumn(
                name: "End",
                table: "Maintenances");

            migrationBuilder.DropColumn(
                name: "Occurrence",
                table: "Maintenances");

            migrationBuilder.DropColumn(
                name: "PlannedAt",
                table: "Maintenances");

            migrationBuilder.DropColumn(
                name: "RemindBefore",
                table: "Maintenances");

            migrationBuilder.DropColumn(
                name: "SeriesId",
                table: "Maintenances");

            migrationBuilder.DropColumn(
                name: "StartedAt",
                table: "Maintenances");

            migrationBuilder.DropColumn(
                name: "StartsItself",
                table: "Maintenances");

            migrationBuilder.DropColumn(
                name: "TellsPhases",
                table: "Maintenances");

            migrationBuilder.DropColumn(
                name: "VerifyFor",
                table: "Maintenances");

            migrationBuilder.DropColumn(
                name: "VerifyingAt",
                table: "Maintenances");

            migrationBuilder.DropColumn(
                name: "Event",
                table: "Announcements");

            migrationBuilder.DropColumn(
                name: "Key",
                table: "Announcements");

            migrationBuilder.DropColumn(
                name: "MaintenanceId",
                table: "Announcements");
        }
    }
}
