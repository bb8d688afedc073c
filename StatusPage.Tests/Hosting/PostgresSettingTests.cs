using Microsoft.Extensions.Configuration;
using Npgsql;
using StatusPage.Web.Hosting;

namespace StatusPage.Tests.Hosting;

/// <summary>The PostgreSQL connection string, as it is given and as it is used.</summary>
public sealed class PostgresSettingTests
{
    [Fact]
    public void Kerberos_is_not_tried_unless_asked_for()
    {
        Assert.Equal(GssEncryptionMode.Disable, Read("Host=db;Database=statuspage").GssEncryptionMode);
        Assert.Equal(GssEncryptionMode.Prefer, Read("Host=db;Database=statuspage;Gss Encryption Mode=Prefer").GssEncryptionMode);
        Assert.Equal(GssEncryptionMode.Require, Read("Host=db;GssEncryptionMode=Require").GssEncryptionMode);
    }

    [Fact]
    public void Everything_else_stays_as_it_is()
    {
        var connection = Read("Host=db;Username=statuspage;Password='a;b';Database=status;Maximum Pool Size=7");
        Assert.Equal(
            ("db", "statuspage", "a;b", "status", 7),
            (connection.Host, connection.Username, connection.Password, connection.Database, connection.MaxPoolSize)
        );
    }

    [Fact]
    public void A_mistake_is_told_without_the_password()
    {
        var refused = Assert.Throws<SettingException>(() => Read("Host=db;Password=secret;Pool=many"));
        Assert.Contains("ConnectionStrings:Postgres", refused.Message);
        Assert.DoesNotContain("Pool=many", refused.Message);
    }

    private static NpgsqlConnectionStringBuilder Read(string connection) =>
        new(
            Settings
                .Read(
                    new ConfigurationBuilder()
                        .AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Postgres"] = connection })
                        .Build()
                )
                .Postgres
        );
}
