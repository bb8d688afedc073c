using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;

namespace StatusPage.Web.Channels;

/// <summary>An account as a service needs it, with decrypted secrets.</summary>
public sealed record AccountInUse(ChannelAccountId Id, Channel Channel, string? BaseAddress, string? Handle, IReadOnlyDictionary<string, string> Secrets)
{
    public string Secret(string name) => Secrets.GetValueOrDefault(name) ?? "";

    public Uri Address(string path) => new(BaseAddress!.TrimEnd('/') + path);
}

/// <summary>The posts that an update replies to, by the service's ids; null for the first of its incident.</summary>
public sealed record PostThread(string Root, string Parent);

/// <summary>One message to post.</summary>
/// <param name="Attempt">1 for the first. From the second on, the previous attempt may have arrived without our knowing.</param>
public sealed record Posting(AccountInUse Account, News News, PostThread? Thread, int Attempt)
{
    /// <summary>The same in every attempt, and unique otherwise.</summary>
    public string Key => $"{News.Id}.{Account.Id}";
}

/// <summary>A service on which the page has accounts of its own.</summary>
public interface IAccountService
{
    Channel Channel { get; }

    /// <summary>The text that would be posted, for the desk.</summary>
    string TextOf(News news);

    Task<SendResult> PostAsync(Posting posting);
}
