using StatusPage.Domain;

namespace StatusPage.Web.Hosting;

/// <summary>
/// The identity of this node, kept across restarts in a file in its data folder. So it owns what it had claimed before it was killed, and nobody has to
/// wait for the end of a lease. The file is locked while the program runs, so a second program in the same folder is another node.
/// </summary>
public sealed class Node : IDisposable
{
    private const string Name = "node-id";
    private readonly FileStream? _held;

    /// <summary>A new node.</summary>
    public Node()
        : this(PublicId.NewValue(), null) { }

    private Node(string id, FileStream? held) => (Id, _held) = (id, held);

    public string Id { get; }

    /// <summary>The node of a data folder.</summary>
    public static Node In(string folder)
    {
        try
        {
            var file = DataFolder.Open(Path.Combine(DataFolder.Folder(folder), Name), FileMode.OpenOrCreate);
            using var reader = new StreamReader(file, leaveOpen: true);
            if (reader.ReadToEnd().Trim() is var known && PublicId.LooksLikeOne(known))
                return new(known, file);
            var node = new Node(PublicId.NewValue(), file);
            file.SetLength(0);
            using var writer = new StreamWriter(file, leaveOpen: true);
            writer.Write(node.Id);
            return node;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another program holds the file, or nothing can be written there: a new node at each start, whose claims end with their lease.
            return new();
        }
    }

    public void Dispose() => _held?.Dispose();
}
