using System.Text.Json.Nodes;
using StatusPage.Domain.Alerts;

namespace StatusPage.Web.Alerts;

/// <summary>A body in which everything stands where a mapping looks for it.</summary>
internal static class SampleFor
{
    public static string Mapping(GenericMapping mapping)
    {
        JsonNode? body = null;
        Put(mapping.Text, "This is a test");
        Put(mapping.Severity, "SEV3");
        foreach (var (name, path) in mapping.Fields)
            Put(path, $"A test of {name}");
        Put(mapping.Title, "Test");
        Put(mapping.Key, "test");
        Put(mapping.Signal, mapping.Firing.Count > 0 ? mapping.Firing[0] : "firing");
        return body?.ToJsonString() ?? "{}";

        void Put(string? path, string value)
        {
            if (path is not null && JsonPath.TryParse(path) is { } read)
                body = read.Put(body, value);
        }
    }
}
