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
