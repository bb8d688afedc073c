using System.Text.RegularExpressions;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Deploy;

/// <summary>compose.yaml, as far as it can be judged without an engine.</summary>
public sealed partial class ComposeTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Topology.Root, "compose.yaml"));
    private static readonly Dictionary<string, string> Services = Blocks(Block(Text, "services"));
    private static readonly string Node = Block(Text, "x-node");

    [Fact]
    public void It_is_indented_by_spaces_two_at_a_time() => Assert.All(Text.Split('\n'), line => Assert.Matches("^(  )*([^ \t].*)?$", line));

    [Fact]
    public void Its_parts_are_those_of_the_script()
    {
        var script = File.ReadAllText(Path.Combine(Topology.Root, "docs", "deploy", "topology.sh"));
        var parts = Regex.Match(script, "^parts=\\((.*)\\)$", RegexOptions.Multiline).Groups[1].Value.Split(' ');
        Assert.Equal(parts.Order(), Services.Keys.Order());
    }

    [Fact]
    public void No_secret_is_written_down()
    {
        Assert.All(Secret().Matches(Text), secret => Assert.Matches("^\\$\\{[A-Z_]+(:\\?[^}]+|:-)\\}$", secret.Groups[1].Value));
        Assert.Equal(3, Secret().Count(Text));
    }

    [Fact]
    public void Every_service_can_be_asked_how_it_is()
    {
        foreach (var name in new[] { "postgres", "redis", "proxy" })
            Assert.Contains("healthcheck:", Services[name]);
        // The health check of the nodes is in the image.
        foreach (var name in new[] { "node1", "node2" })
            Assert.Contains("<<: *node", Services[name]);
        Assert.Contains("&node", Node);
    }

    [Fact]
    public void Each_waits_for_those_it_needs()
    {
        Assert.Matches("postgres:\n +condition: service_healthy\n +redis:\n +condition: service_healthy", Node);
        Assert.Matches("node1:\n +condition: service_healthy\n +node2:\n +condition: service_healthy", Services["proxy"]);
    }

    [Fact]
    public void A_node_writes_to_its_volume_alone()
    {
        Assert.Contains("read_only: true", Node);
        Assert.Contains("- node1:/data", Services["node1"]);
        Assert.Contains("- node2:/data", Services["node2"]);
    }

    [Fact]
    public void The_nodes_trust_the_proxy_and_nobody_else() =>
        Assert.Equal(Regex.Match(Node, "TrustedProxies: (\\S+)").Groups[1].Value, Regex.Match(Services["proxy"], "ipv4_address: (\\S+)").Groups[1].Value);

    [Fact]
    public void The_proxy_knows_both_nodes_and_says_who_asks()
    {
        Assert.Contains("./docs/deploy/nginx.conf:/etc/nginx/nginx.conf:ro", Services["proxy"]);
        var proxy = File.ReadAllText(Path.Combine(Topology.Root, "docs", "deploy", "nginx.conf"));
        Assert.Matches("server node1:8080 ", proxy);
        Assert.Matches("server node2:8080 ", proxy);
        Assert.Contains("proxy_set_header X-Forwarded-For $remote_addr;", proxy);
        Assert.Contains("proxy_set_header X-Forwarded-Proto ", proxy);
    }

    /// <summary>The lines that are indented below a key at the start of a line, without their first two spaces.</summary>
    private static string Block(string text, string key)
    {
        var lines = text.Split('\n').SkipWhile(line => !line.StartsWith(key + ":", StringComparison.Ordinal)).ToList();
        return string.Join(
            '\n',
            lines.Skip(1).TakeWhile(line => line.Length == 0 || line[0] == ' ').Select(line => line.Length > 2 ? line[2..] : line).Prepend(lines[0])
        );
    }

    private static Dictionary<string, string> Blocks(string text) =>
        Regex
            .Matches(text, "^([a-z0-9]+):$", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value)
            .Where(name => name != "services")
            .ToDictionary(name => name, name => Block(text, name));

    [GeneratedRegex("(?i)password(?:=|: \")(\\$\\{[^}]*\\}|[^\";]*)")]
    private static partial Regex Secret();
}
