using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StatusPage.Web.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class DeskBrowserPage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "PageId",
                table: "DeskBrowsers",
                type: "character varying(12)",
                maxLength: 12,
                nullable: false,
                defaultValue: "",
                collation: "C");
            // There was one page, or a browser took notifications of the first.
            migrationBuilder.Sql("""UPDATE "DeskBrowsers" SET "PageId" = (SELECT "Id" FROM "Pages" WHERE "Slug" IS NULL AND "HostName" IS NULL)""");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "PageId",
                table: "DeskBrowsers");
        }
    }
}
