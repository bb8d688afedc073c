using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace StatusPage.Web.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Channels : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_Deliveries_Announcements_AnnouncementId",
                table: "Deliveries");

            migrationBuilder.DropIndex(
                name: "IX_Subscribers_PageId_EmailKey",
                table: "Subscribers");

            migrationBuilder.DropIndex(
                name: "IX_Deliveries_Due",
                table: "Deliveries");

            migrationBuilder.RenameColumn(
                name: "EmailKey",
                table: "Subscribers",
                newName: "Key");

            migrationBuilder.RenameColumn(
                name: "SubscriberId",
                table: "Deliveries",
                newName: "RecipientId");

            migrationBuilder.RenameIndex(
                name: "IX_Deliveries_AnnouncementId_SubscriberId_Channel",
                table: "Deliveries",
                newName: "IX_Deliveries_AnnouncementId_RecipientId_Channel");

            migrationBuilder.AlterColumn<string>(
                name: "Email",
                table: "Subscribers",
                type: "TEXT",
                maxLength: 254,
                nullable: true,
                oldClrType: typeof(string),
                oldType: "TEXT",
                oldMaxLength: 254);

            migrationBuilder.AddColumn<int>(
                name: "Channel",
                table: "Subscribers",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Endpoint",
                table: "Subscribers",
                type: "TEXT",
                maxLength: 1000,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "IncidentIds",
                table: "Subscribers",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "PushKey",
                table: "Subscribers",
                type: "TEXT",
                maxLength: 100,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "PushSecret",
                table: "Subscribers",
                type: "TEXT",
                maxLength: 40,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SuppressedFor",
                table: "Subscribers",
                type: "TEXT",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "TakesSubscribers",
                table: "Pages",
                type: "INTEGER",
                nullable: false,
                defaultValue: true);

            migrationBuilder.AddColumn<string>(
                name: "RemoteId",
                table: "Deliveries",
                type: "TEXT",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "FannedOutTo",
                table: "Announcements",
                type: "TEXT",
                maxLength: 12,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "NewStatus",
                table: "Announcements",
                type: "TEXT",
                maxLength: 30,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "OldStatus",
                table: "Announcements",
                type: "TEXT",
                maxLength: 30,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "ChannelAccounts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    PageId = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    Channel = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    BaseAddress = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    Handle = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    Secrets = table.Column<string>(type: "TEXT", nullable: false),
                    IsOn = table.Column<bool>(type: "INTEGER", nullable: false),
                    Trouble = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    TroubleSince = table.Column<long>(type: "INTEGER", nullable: true),
                    LastSentAt = table.Column<long>(type: "INTEGER", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    UpdatedAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ChannelAccounts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_ChannelAccounts_Pages_PageId",
                        column: x => x.PageId,
                        principalTable: "Pages",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Subscribers_PageId_Id",
                table: "Subscribers",
                columns: new[] { "PageId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_Subscribers_PageId_Key",
                table: "Subscribers",
                columns: new[] { "PageId", "Key" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_Due",
                table: "Deliveries",
                columns: new[] { "Channel", "NextAttemptAt", "Id" },
                filter: "\"State\" IN (0, 1)");

            migrationBuilder.CreateIndex(
                name: "IX_ChannelAccounts_PageId",
                table: "ChannelAccounts",
                column: "PageId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ChannelAccounts");

            migrationBuilder.DropIndex(
                name: "IX_Subscribers_PageId_Id",
                table: "Subscribers");

            migrationBuilder.DropIndex(
                name: "IX_Subscribers_PageId_Key",
                table: "Subscribers");

            migrationBuilder.DropIndex(
                name: "IX_Deliveries_Due",
                table: "Deliveries");

            migrationBuilder.DropColumn(
                name: "Channel",
                table: "Subscribers");

            migrationBuilder.DropColumn(
                name: "Endpoint",
                table: "Subscribers");

            migrationBuilder.DropColumn(
                name: "IncidentIds",
                table: "Subscribers");

            migrationBuilder.RenameColumn(
                name: "Key",
                table: "Subscribers",
                newName: "EmailKey");

            migrationBuilder.DropColumn(
                name: "PushKey",
                table: "Subscribers");

            migrationBuilder.DropColumn(
                name: "PushSecret",
                table: "Subscribers");

            migrationBuilder.DropColumn(
                name: "SuppressedFor",
                table: "Subscribers");

            migrationBuilder.DropColumn(
                name: "TakesSubscribers",
                table: "Pages");

            migrationBuilder.DropColumn(
                name: "RemoteId",
                table: "Deliveries");

            migrationBuilder.DropColumn(
                name: "FannedOutTo",
                table: "Announcements");

            migrationBuilder.DropColumn(
                name: "NewStatus",
                table: "Announcements");

            migrationBuilder.DropColumn(
                name: "OldStatus",
                table: "Announcements");

            migrationBuilder.RenameColumn(
                name: "RecipientId",
                table: "Deliveries",
                newName: "SubscriberId");

            migrationBuilder.RenameIndex(
                name: "IX_Deliveries_AnnouncementId_RecipientId_Channel",
                table: "Deliveries",
                newName: "IX_Deliveries_AnnouncementId_SubscriberId_Channel");

            migrationBuilder.AlterColumn<string>(
                name: "Email",
                table: "Subscribers",
                type: "TEXT",
                maxLength: 254,
                nullable: false,
                defaultValue: "",
                oldClrType: typeof(string),
                oldType: "TEXT",
                oldMaxLength: 254,
                oldNullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_Subscribers_PageId_EmailKey",
                table: "Subscribers",
                columns: new[] { "PageId", "EmailKey" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_Deliveries_Due",
                table: "Deliveries",
                column: "NextAttemptAt",
                filter: "\"State\" IN (0, 1)");

            migrationBuilder.AddForeignKey(
                name: "FK_Deliveries_Announcements_AnnouncementId",
                table: "Deliveries",
                column: "AnnouncementId",
                principalTable: "Announcements",
                principalColumn: "Id",
                onDelete: ReferentialAction.Restrict);
        }
    }
}
