using System.Globalization;
using System.Text;
using StatusPage.Tests.Host;

namespace StatusPage.Tests.Permissions;

/// <summary>
/// Who may use which endpoint or page: a row for each, a column for each person or key. The table is written by hand, or by a run with
/// <c>WRITE_PERMISSIONS=1</c>, and a reviewer reads it. The build fails for a way in without a row, and for one that lets in others than its row says.
/// </summary>
internal sealed class DoorTable(string file)
{
    private string Path => System.IO.Path.Combine(Source.Root, "StatusPage.Tests", "Permissions", file);

    public static bool IsWritten => Environment.GetEnvironmentVariable("WRITE_PERMISSIONS") == "1";

    /// <summary>The entries by way in and column.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Read()
    {
        if (!File.Exists(Path))
            return new Dictionary<string, IReadOnlyDictionary<string, string>>();
        var lines = File.ReadAllLines(Path)
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t', StringSplitOptions.TrimEntries))
            .ToList();
        var columns = lines[0];
        return lines
            .Skip(1)
            .ToDictionary(
                line => line[0],
                IReadOnlyDictionary<string, string> (line) => columns.Zip(line).Skip(1).ToDictionary(pair => pair.First, pair => pair.Second)
            );
    }

    public void Check(IReadOnlyList<Door> doors, IReadOnlyList<string> columns, IReadOnlyDictionary<(string Door, string Column), string> seen)
    {
        if (IsWritten)
        {
            Write(doors, columns, seen);
            return;
        }
        var rows = Read();
        var wrong = new StringBuilder();
        foreach (var door in doors)
        {
            if (!rows.TryGetValue(door.Name, out var row))
            {
                wrong.AppendLine(
                    CultureInfo.InvariantCulture,
                    $"{door.Name} has no row in {file}: {string.Join(' ', columns.Select(column => $"{column}={seen[(door.Name, column)]}"))}"
                );
                continue;
            }
            foreach (var column in columns)
                if (row[column] != seen[(door.Name, column)])
                    wrong.AppendLine(CultureInfo.InvariantCulture, $"{door.Name}: {column} {seen[(door.Name, column)]}, and not {row[column]}");
        }
        foreach (var gone in rows.Keys.Except(doors.Select(door => door.Name)))
            wrong.AppendLine(CultureInfo.InvariantCulture, $"{gone} is in {file} and nowhere else");
        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    private void Write(IReadOnlyList<Door> doors, IReadOnlyList<string> columns, IReadOnlyDictionary<(string Door, string Column), string> seen)
    {
        string[] header = ["door", .. columns];
        List<string[]> lines = [header, .. doors.Select(door => (string[])[door.Name, .. columns.Select(column => seen[(door.Name, column)])])];
        var widths = Enumerable.Range(0, header.Length).Select(at => lines.Max(line => line[at].Length)).ToList();
        File.WriteAllLines(Path, lines.Select(line => string.Join('\t', line.Select((cell, at) => cell.PadRight(widths[at]))).TrimEnd()));
    }
}
