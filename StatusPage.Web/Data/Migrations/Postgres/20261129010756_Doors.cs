using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StatusPage.Web.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Doors : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterColumn<string>(
                name: "Key",
                table: "Subscribers",
                type: "character varying(513)",
                maxLength: 513,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "character varying(500)",
                oldMaxLength: 500);

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

            migrationBuilder.AlterColumn<string>(
                name: "Key",
                table: "Subscribers",
                type: "character varying(500)",
                maxLength: 500,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "character varying(513)",
                oldMaxLength: 513);
        }
    }
}
