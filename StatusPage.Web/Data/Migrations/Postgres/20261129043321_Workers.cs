using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StatusPage.Web.Data.Migrations.Postgres
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
                type: "character varying(80)",
                maxLength: 80,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "OurFaults",
                table: "Deliveries",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "CountedAt",
                table: "Announcements",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "DeliveryTotals",
                columns: table => new
                {
                    AnnouncementId = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false, collation: "C"),
                    Channel = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<int>(type: "integer", nullable: false),
                    Count = table.Column<int>(type: "integer", nullable: false)
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
