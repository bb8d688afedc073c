using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StatusPage.Web.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Truth : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "IsBackfilled",
                table: "Maintenances",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<int>(
                name: "Version",
                table: "Maintenances",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "BackfilledAt",
                table: "Incidents",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "LeavesTrouble",
                table: "Incidents",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "PostmortemAuthor",
                table: "Incidents",
                type: "TEXT",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ProposedImpact",
                table: "Incidents",
                type: "TEXT",
                maxLength: 10,
                nullable: false,
                defaultValue: "None");

            migrationBuilder.AddColumn<string>(
                name: "Corrects",
                table: "Drafts",
                type: "TEXT",
                maxLength: 12,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "PageId",
                table: "DeskBrowsers",
                type: "TEXT",
                maxLength: 12,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "ManualStatuses",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    PageId = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    ComponentId = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    Status = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false)
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

            migrationBuilder.CreateIndex(
                name: "IX_ManualStatuses_ComponentId_At",
                table: "ManualStatuses",
                columns: new[] { "ComponentId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_ManualStatuses_PageId_At",
                table: "ManualStatuses",
                columns: new[] { "PageId", "At" });

            // What people said is kept. What incidents said stands in their updates already.
            migrationBuilder.Sql("""
                INSERT INTO "ManualStatuses" ("PageId", "ComponentId", "Status", "At")
                SELECT "PageId", "ComponentId", "To", "At" FROM "StatusChanges" WHERE "IncidentId" IS NULL ORDER BY "Id";
                """);
            migrationBuilder.Sql("""
                UPDATE "Incidents" SET "LeavesTrouble" = 1 WHERE "ResolvedAt" IS NOT NULL AND EXISTS (
                    SELECT 1 FROM "IncidentUpdates" AS said WHERE said."IncidentId" = "Incidents"."Id" AND said."WithdrawnAt" IS NULL
                    AND (said."Affected" LIKE '%"New":"major_outage"%' OR said."Affected" LIKE '%"New":"partial_outage"%'
                        OR said."Affected" LIKE '%"New":"degraded_performance"%' OR said."Affected" LIKE '%"New":"under_maintenance"%')
                    AND NOT EXISTS (
                        SELECT 1 FROM "IncidentUpdates" AS later WHERE later."IncidentId" = said."IncidentId" AND later."Number" > said."Number"
                        AND later."WithdrawnAt" IS NULL AND later."Affected" LIKE '%"New":"operational"%'));
                """);

            // There was one page, or a browser took notifications of the first.
            migrationBuilder.Sql("""
                UPDATE "DeskBrowsers" SET "PageId" = (SELECT "Id" FROM "Pages" WHERE "Slug" IS NULL AND "HostName" IS NULL);
                """);

            migrationBuilder.DropTable(
                name: "StatusChanges");

            migrationBuilder.DropColumn(
                name: "Status",
                table: "Components");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ManualStatuses");

            migrationBuilder.DropColumn(
                name: "IsBackfilled",
                table: "Maintenances");

            migrationBuilder.DropColumn(
                name: "Version",
                table: "Maintenances");

            migrationBuilder.DropColumn(
                name: "BackfilledAt",
                table: "Incidents");

            migrationBuilder.DropColumn(
                name: "LeavesTrouble",
                table: "Incidents");

            migrationBuilder.DropColumn(
                name: "PostmortemAuthor",
                table: "Incidents");

            migrationBuilder.DropColumn(
                name: "ProposedImpact",
                table: "Incidents");

            migrationBuilder.DropColumn(
                name: "Corrects",
                table: "Drafts");

            migrationBuilder.DropColumn(
                name: "PageId",
                table: "DeskBrowsers");

            migrationBuilder.AddColumn<string>(
                name: "Status",
                table: "Components",
                type: "TEXT",
                maxLength: 30,
                nullable: false,
                defaultValue: "");

            migrationBuilder.CreateTable(
                name: "StatusChanges",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    ComponentId = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    From = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false),
                    IncidentId = table.Column<string>(type: "TEXT", maxLength: 12, nullable: true),
                    PageId = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    To = table.Column<string>(type: "TEXT", maxLength: 30, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_StatusChanges", x => x.Id);
                    table.ForeignKey(
                        name: "FK_StatusChanges_Components_ComponentId",
                        column: x => x.ComponentId,
                        principalTable: "Components",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_StatusChanges_ComponentId",
                table: "StatusChanges",
                column: "ComponentId");

            migrationBuilder.CreateIndex(
                name: "IX_StatusChanges_PageId_At",
                table: "StatusChanges",
                columns: new[] { "PageId", "At" });
        }
    }
}
