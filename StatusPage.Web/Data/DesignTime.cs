using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace StatusPage.Web.Data;

/// <summary>For <c>dotnet ef migrations add</c>; docs/architecture.md has the two commands.</summary>
internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteStatusDb>
{
    public SqliteStatusDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteStatusDb>().UseSqlite("Data Source=design-time.db").Options);
}

internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresStatusDb>
{
    public PostgresStatusDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PostgresStatusDb>().UseNpgsql("Host=localhost").Options);
}
