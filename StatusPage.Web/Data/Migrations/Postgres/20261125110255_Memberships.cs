using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StatusPage.Web.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Memberships : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "ClosedAt",
                table: "Pages",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "HostName",
                table: "Pages",
                type: "character varying(253)",
                maxLength: 253,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Slug",
                table: "Pages",
                type: "character varying(40)",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Theme",
                table: "Pages",
                type: "character varying(60)",
                maxLength: 60,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "Memberships",
                columns: table => new
                {
                    AccountId = table.Column<string>(type: "text", nullable: false),
                    PageId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Role = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Since = table.Column<long>(type: "bigint", nullable: false)
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

            // Until now there was one page, and a role was an account's own.
            migrationBuilder.Sql(
                """
                INSERT INTO "Memberships" ("AccountId", "PageId", "Role", "Since")
                SELECT "Id", (SELECT "Id" FROM "Pages" ORDER BY "CreatedAt" LIMIT 1), "Role", "CreatedAt" FROM "Accounts"
                """);

            migrationBuilder.DropColumn(
                name: "Role",
                table: "Accounts");

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
                name: "IX_Memberships_PageId",
                table: "Memberships",
                column: "PageId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Memberships");

            migrationBuilder.DropIndex(
                name: "IX_Pages_HostName",
                table: "Pages");

            migrationBuilder.DropIndex(
                name: "IX_Pages_Slug",
                table: "Pages");

            migrationBuilder.DropColumn(
                name: "ClosedAt",
                table: "Pages");

            migrationBuilder.DropColumn(
                name: "HostName",
                table: "Pages");

            migrationBuilder.DropColumn(
                name: "Slug",
                table: "Pages");

            migrationBuilder.DropColumn(
                name: "Theme",
                table: "Pages");

            migrationBuilder.AddColumn<string>(
                name: "Role",
                table: "Accounts",
                type: "character varying(20)",
                maxLength: 20,
                nullable: false,
                defaultValue: "");
        }
    }
}
