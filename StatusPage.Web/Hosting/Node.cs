using StatusPage.Domain;

namespace StatusPage.Web.Hosting;

/// <summary>
/// Which node this is, also after a restart: it knows itself by a file in its data folder. So what it had claimed before it was killed is its own, and nobody has to wait
/// for the end of a lease. The file is held while the program runs: a second program in the same folder is somebody else.
/// </summary>
public sealed class Node : IDisposable
{
    private const string Name = "node-id";
    private readonly FileStream? _held;

    /// <summary>One that was never here before.</summary>
    public Node()
        : this(PublicId.NewValue(), null) { }

    private Node(string id, FileStream? held) => (Id, _held) = (id, held);

    public string Id { get; }

    /// <summary>The one whose data folder it is.</summary>
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
            // Held by another program, or nothing can be written there: a node that is new at each start, whose claims end with their lease.
            return new();
        }
    }

    public void Dispose() => _held?.Dispose();
}
