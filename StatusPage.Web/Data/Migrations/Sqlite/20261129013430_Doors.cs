using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StatusPage.Web.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Doors : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ConfirmedAt",
                table: "Memberships",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "GrantedBy",
                table: "Memberships",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ProvenAt",
                table: "DeskSessions",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<string>(
                name: "Key",
                table: "AuditHead",
                type: "TEXT",
                maxLength: 16,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Signature",
                table: "AuditHead",
                type: "TEXT",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "SignedAt",
                table: "AuditHead",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "LastCodeStep",
                table: "Accounts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "DailyHeads",
                columns: table => new
                {
                    Day = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Number = table.Column<long>(type: "INTEGER", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Key = table.Column<string>(type: "TEXT", maxLength: 16, nullable: false),
                    Signature = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    NextAttemptAt = table.Column<long>(type: "INTEGER", nullable: true),
                    SentAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DailyHeads", x => x.Day);
                });

            migrationBuilder.UpdateData(
                table: "AuditHead",
                keyColumn: "Id",
                keyValue: 1,
                columns: new[] { "Key", "Signature", "SignedAt" },
                values: new object[] { null, null, null });

            migrationBuilder.CreateIndex(
                name: "IX_Subscribers_PageId_Endpoint",
                table: "Subscribers",
                columns: new[] { "PageId", "Endpoint" },
                filter: "\"Endpoint\" IS NOT NULL");

            // Whoever only ever came by a provider has what it granted; it says so again at the next sign-in.
            migrationBuilder.Sql("""
                UPDATE "Memberships" SET "ConfirmedAt" = 0, "GrantedBy" = (SELECT login."LoginProvider" FROM "AspNetUserLogins" AS login WHERE login."UserId" = "Memberships"."AccountId" LIMIT 1)
                WHERE EXISTS (
                    SELECT 1 FROM "Accounts" AS account JOIN "AspNetUserLogins" AS login ON login."UserId" = account."Id"
                    WHERE account."Id" = "Memberships"."AccountId" AND account."PasswordHash" IS NULL);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DailyHeads");

            migrationBuilder.DropIndex(
                name: "IX_Subscribers_PageId_Endpoint",
                table: "Subscribers");

            migrationBuilder.DropColumn(
                name: "ConfirmedAt",
                table: "Memberships");

            migrationBuilder.DropColumn(
                name: "GrantedBy",
                table: "Memberships");

            migrationBuilder.DropColumn(
                name: "ProvenAt",
                table: "DeskSessions");

            migrationBuilder.DropColumn(
                name: "Key",
                table: "AuditHead");

            migrationBuilder.DropColumn(
                name: "Signature",
                table: "AuditHead");

            migrationBuilder.DropColumn(
                name: "SignedAt",
                table: "AuditHead");

            migrationBuilder.DropColumn(
                name: "LastCodeStep",
                table: "Accounts");
        }
    }
}
