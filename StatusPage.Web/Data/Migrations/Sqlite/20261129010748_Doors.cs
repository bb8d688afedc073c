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
            migrationBuilder.CreateIndex(
                name: "IX_Subscribers_PageId_Endpoint",
                table: "Subscribers",
                columns: new[] { "PageId", "Endpoint" },
                filter: "\"Endpoint\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Subscribers_PageId_Endpoint",
                table: "Subscribers");
        }
    }
}
