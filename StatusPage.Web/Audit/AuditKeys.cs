using System.Buffers.Text;
using System.Security.Cryptography;
using StatusPage.Domain.Audit;
using StatusPage.Web.Hosting;

namespace StatusPage.Web.Audit;

/// <summary>Which key signed a head.</summary>
public enum HeadProof
{
    Missing,
    Forged,
    Unknown,
    Former,
    Own,
}

/// <summary>
/// The key that signs the end of the audit, and former such keys. It lies in a file, since somebody who can write to the store could sign with a key that
/// is in it. ECDSA on P-256 with SHA-256: verifying needs the public half only, and openssl can do it.
/// </summary>
public sealed class AuditKeys : IDisposable
{
    /// <summary>Name of the file in the data folder that is used when none is configured.</summary>
    public const string FileName = "audit-key.pem";

    private const string Allowed = "a file with an ECDSA private key in PEM, as 'openssl ecparam -name prime256v1 -genkey -noout' makes it";

    private const int MostForeign = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ECDsa> _known = [];
    private readonly string _file;
    private ECDsa? _own;
    private string? _id;

    private AuditKeys(string file) => _file = file;

    private readonly HashSet<string> _foreign = new(StringComparer.Ordinal);

    /// <summary>Whether this process made the key, so that it cannot have signed anything before.</summary>
    public bool IsMade { get; private set; }

    /// <summary>The id of the key that signs; null while there is none.</summary>
    public string? Id => _id;

    /// <exception cref="SettingException">A file cannot be read or holds no key.</exception>
    public static AuditKeys Read(Settings settings)
    {
        var keys = new AuditKeys(settings.AuditKeyFile ?? Path.Combine(settings.DataDirectory, FileName));
        foreach (var file in settings.AuditPreviousKeyFiles)
            keys.Know(Load(file, "Audit:PreviousKeyFiles", "files with former keys of the audit in PEM, public or private"));
        if (settings.AuditKeyFile is not null || File.Exists(keys._file))
            keys.Own(Load(keys._file, "Audit:KeyFile", Allowed));
        return keys;
    }

    /// <summary>Makes the key, if none is configured and none was made before.</summary>
    public void Prepare()
    {
        lock (_lock)
        {
            if (_own is not null)
                return;
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            IsMade = DataFolder.WriteNew(_file, made.ExportPkcs8PrivateKeyPem() + "\n");
            Own(Load(_file, "Audit:KeyFile", Allowed));
        }
    }

    public SignedHead Sign(long number, string hash, DateTimeOffset at)
    {
        Prepare();
        at = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        var head = new SignedHead(number, hash, at, _id!, "");
        lock (_lock)
            return head with
            {
                Signature = Base64Url.EncodeToString(_own!.SignData(head.Bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            };
    }

    public HeadProof Check(SignedHead? head)
    {
        if (head is null)
            return HeadProof.Missing;
        lock (_lock)
        {
            if (!_known.TryGetValue(head.Key, out var key))
                return HeadProof.Unknown;
            if (
                !Base64Url.IsValid(head.Signature)
                || !key.VerifyData(head.Bytes, Base64Url.DecodeFromChars(head.Signature), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            )
                return HeadProof.Forged;
            return head.Key == _id ? HeadProof.Own : HeadProof.Former;
        }
    }

    /// <summary>Whether this process meets an unknown key for the first time. Only a limited number of ids is remembered.</summary>
    public bool IsNews(string key)
    {
        lock (_lock)
            return _foreign.Count < MostForeign && _foreign.Add(key);
    }

    /// <summary>The public half of the key that signs, in PEM; null while there is none.</summary>
    public string? PublicKey
    {
        get
        {
            lock (_lock)
                return _own?.ExportSubjectPublicKeyInfoPem();
        }
    }

    public void Dispose()
    {
        foreach (var key in _known.Values)
            key.Dispose();
    }

    private void Own(ECDsa key)
    {
        _own = key;
        _id = Know(key);
    }

    private string Know(ECDsa key)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 8));
        if (_known.Remove(id, out var same))
            same.Dispose();
        _known[id] = key;
        return id;
    }

    private static ECDsa Load(string file, string setting, string allowed)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            // A public half can verify but not sign.
            if (setting == "Audit:KeyFile")
                _ = key.ExportParameters(includePrivateParameters: true);
            return key;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new SettingException(setting, file, allowed);
        }
    }
}
