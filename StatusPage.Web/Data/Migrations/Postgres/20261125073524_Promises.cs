using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace StatusPage.Web.Data.Migrations.Postgres
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
                type: "integer",
                nullable: false,
                defaultValue: 15);

            migrationBuilder.AddColumn<int>(
                name: "OverdueGrace",
                table: "Pages",
                type: "integer",
                nullable: false,
                defaultValue: 5);

            migrationBuilder.AddColumn<int>(
                name: "SecondEscalation",
                table: "Pages",
                type: "integer",
                nullable: false,
                defaultValue: 30);

            migrationBuilder.AddColumn<bool>(
                name: "ShowsPromises",
                table: "Pages",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "Closes",
                table: "Notices",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "Topic",
                table: "Notices",
                type: "character varying(100)",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Urgency",
                table: "Notices",
                type: "integer",
                nullable: false,
                defaultValue: 0);

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
                name: "DeskBrowsers",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
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

            migrationBuilder.CreateIndex(
                name: "IX_Notices_Topic",
                table: "Notices",
                column: "Topic");

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
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Contacts");

            migrationBuilder.DropTable(
                name: "DeskBrowsers");

            migrationBuilder.DropIndex(
                name: "IX_Notices_Topic",
                table: "Notices");

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
        }
    }
}
