using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StatusPage.Web.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class PublicPage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "Language",
                table: "Subscribers",
                type: "character varying(8)",
                maxLength: 8,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Language",
                table: "Pages",
                type: "character varying(8)",
                maxLength: 8,
                nullable: false,
                defaultValue: "en");

            migrationBuilder.AddColumn<int>(
                name: "PartialPercent",
                table: "Pages",
                type: "integer",
                nullable: false,
                defaultValue: 30);

            migrationBuilder.AddColumn<string>(
                name: "Style",
                table: "Pages",
                type: "character varying(20000)",
                maxLength: 20000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Translations",
                table: "IncidentUpdates",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "PostmortemBody",
                table: "Incidents",
                type: "character varying(25000)",
                maxLength: 25000,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "PostmortemPublishedAt",
                table: "Incidents",
                type: "bigint",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "PostmortemUpdatedAt",
                table: "Incidents",
                type: "bigint",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Language",
                table: "Subscribers");

            migrationBuilder.DropColumn(
                name: "Language",
                table: "Pages");

            migrationBuilder.DropColumn(
                name: "PartialPercent",
                table: "Pages");

            migrationBuilder.DropColumn(
                name: "Style",
                table: "Pages");

            migrationBuilder.DropColumn(
                name: "Translations",
                table: "IncidentUpdates");

            migrationBuilder.DropColumn(
                name: "PostmortemBody",
                table: "Incidents");

            migrationBuilder.DropColumn(
                name: "PostmortemPublishedAt",
                table: "Incidents");

            migrationBuilder.DropColumn(
                name: "PostmortemUpdatedAt",
                table: "Incidents");
        }
    }
}
