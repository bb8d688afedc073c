using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StatusPage.Web.Data.Migrations.Sqlite
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
                type: "TEXT",
                maxLength: 8,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Language",
                table: "Pages",
                type: "TEXT",
                maxLength: 8,
                nullable: false,
                defaultValue: "en");

            migrationBuilder.AddColumn<int>(
                name: "PartialPercent",
                table: "Pages",
                type: "INTEGER",
                nullable: false,
                defaultValue: 30);

            migrationBuilder.AddColumn<string>(
                name: "Style",
                table: "Pages",
                type: "TEXT",
                maxLength: 20000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Translations",
                table: "IncidentUpdates",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "PostmortemBody",
                table: "Incidents",
                type: "TEXT",
                maxLength: 25000,
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "PostmortemPublishedAt",
                table: "Incidents",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "PostmortemUpdatedAt",
                table: "Incidents",
                type: "INTEGER",
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
