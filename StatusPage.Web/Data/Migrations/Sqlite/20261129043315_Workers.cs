using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StatusPage.Web.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Workers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "LeasedBy",
                table: "Notices",
                type: "TEXT",
                maxLength: 80,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "OurFaults",
                table: "Deliveries",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "CountedAt",
                table: "Announcements",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "DeliveryTotals",
                columns: table => new
                {
                    AnnouncementId = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    Channel = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    Count = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DeliveryTotals", x => new { x.AnnouncementId, x.Channel, x.State });
                });

            migrationBuilder.CreateIndex(
                name: "IX_Announcements_NotCounted",
                table: "Announcements",
                column: "CreatedAt",
                filter: "\"CountedAt\" IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DeliveryTotals");

            migrationBuilder.DropIndex(
                name: "IX_Announcements_NotCounted",
                table: "Announcements");

            migrationBuilder.DropColumn(
                name: "LeasedBy",
                table: "Notices");

            migrationBuilder.DropColumn(
                name: "OurFaults",
                table: "Deliveries");

            migrationBuilder.DropColumn(
                name: "CountedAt",
                table: "Announcements");
        }
    }
}
