using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Deliveries;

namespace StatusPage.Web.Channels;

/// <summary>An account as a service needs it, with its secrets in clear.</summary>
public sealed record AccountInUse(ChannelAccountId Id, Channel Channel, string? BaseAddress, string? Handle, IReadOnlyDictionary<string, string> Secrets)
{
    public string Secret(string name) => Secrets.GetValueOrDefault(name) ?? "";

    public Uri Address(string path) => new(BaseAddress!.TrimEnd('/') + path);
}

/// <summary>The posts that an update answers, by what the service calls them; null for the first of its incident.</summary>
public sealed record PostThread(string Root, string Parent);

/// <summary>One message that is to be posted.</summary>
/// <param name="Attempt">1 for the first. From the second on, the one before may have arrived without our knowing.</param>
public sealed record Posting(AccountInUse Account, News News, PostThread? Thread, int Attempt)
{
    /// <summary>The same in every attempt, and different for everything else.</summary>
    public string Key => $"{News.Id}.{Account.Id}";
}

/// <summary>A service on which the page has accounts of its own.</summary>
public interface IAccountService
{
    Channel Channel { get; }

    /// <summary>What would be posted, in words, for the desk.</summary>
    string TextOf(News news);

    Task<SendResult> PostAsync(Posting posting);
}
