using StatusPage.Domain;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Tests.Subscriptions;

/// <summary>Lists of addresses, in the forms that people have them.</summary>
public sealed class ImportListTests
{
    private static readonly Dictionary<string, ComponentId> Components = new(StringComparer.Ordinal) { ["api"] = ComponentId.Of("component001") };

    private static (string[] Good, string[] Bad) Read(params string[] lines)
    {
        var bad = new List<BadLine>();
        var good = ImportList.Read(An.PageId, string.Join('\n', lines), Components, An.Instant, bad);
        return (
            [.. good.Select(line => $"{line.Subscriber.Email}{(line.Subscriber.WantsEverything ? "" : " api")}")],
            [.. bad.Select(line => $"{line.Number}: {line.Reason}")]
        );
    }

    [Theory]
    [InlineData("email,name")]
    [InlineData("E-Mail;Name")]
    [InlineData("\"Email Address\",\"Name\"")]
    public void A_list_with_names_is_read_by_its_headings(string header)
    {
        var between = header.Contains(';', StringComparison.Ordinal) ? ';' : ',';
        var (good, bad) = Read(header, $"ann@customer.example{between}Ann Lee", $"\"ben@customer.example\"{between}\"Lee, \"\"Ben\"\"\"");
        Assert.Equal(["ann@customer.example", "ben@customer.example"], good);
        Assert.Empty(bad);
    }

    [Fact]
    public void The_address_may_stand_in_any_column() =>
        Assert.Equal(["ann@customer.example api"], Read("name,components,email", "Ann,api,ann@customer.example").Good);

    [Fact]
    public void Only_who_is_confirmed_where_a_list_comes_from_is_taken()
    {
        var (good, bad) = Read(
            "email,components,channel,endpoint,state,reason",
            "ann@customer.example,api,email,,confirmed,",
            "ben@customer.example,,email,,pending,",
            "cid@customer.example,,email,,ended,",
            "dee@customer.example,,email,,suppressed,550",
            "eve@customer.example,,webhook,https://hooks.customer.example,confirmed,",
            "'+fay@customer.example,,email,,active,"
        );
        Assert.Equal(["ann@customer.example api", "+fay@customer.example"], good);
        Assert.Equal(["3", "4", "5", "6"], bad.Select(line => line.Split(':')[0]));
        Assert.Contains("pending", bad[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"ann@customer.example")]
    [InlineData("ann@customer.example,\"api")]
    [InlineData("\"ann@customer.example\" x,api")]
    public void A_quote_out_of_place_is_an_error_of_its_line_alone(string line)
    {
        var (good, bad) = Read("email,components", line, "ben@customer.example");
        Assert.Equal(["ben@customer.example"], good);
        Assert.StartsWith("2: ", Assert.Single(bad), StringComparison.Ordinal);
        Assert.Contains("quote", bad[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("email,state")]
    [InlineData("Email;Status")]
    public void A_list_that_tells_states_tells_each(string header)
    {
        var between = header.Contains(';', StringComparison.Ordinal) ? ';' : ',';
        var (good, bad) = Read(header, $"ann@customer.example{between}confirmed", $"ben@customer.example{between}", "cid@customer.example");
        Assert.Equal(["ann@customer.example"], good);
        Assert.Equal(["3", "4"], bad.Select(line => line.Split(':')[0]));
    }

    [Theory]
    [InlineData("sep=;", "E-Mail-Adresse;Name")]
    [InlineData("Subscriber email,State")]
    public void Headings_of_spreadsheets_are_understood(params string[] heads)
    {
        var between = heads[^1].Contains(';', StringComparison.Ordinal) ? ';' : ',';
        Assert.Equal(["ann@customer.example"], Read([.. heads, $"ann@customer.example{between}confirmed"]).Good);
    }
}
