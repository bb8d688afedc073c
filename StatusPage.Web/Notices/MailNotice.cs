using Microsoft.EntityFrameworkCore;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Notices;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Languages;

namespace StatusPage.Web.Notices;

/// <summary>Sends by email, through the relay that subscribers' mails use; without a relay it writes a file.</summary>
public sealed class MailNotice(MailWriter writer, MailTransport transport, IServiceScopeFactory scopes) : INoticeSender
{
    public NoticeChannel Channel => NoticeChannel.Email;

    public async Task<SendResult> SendAsync(Outgoing outgoing, CancellationToken cancel)
    {
        var draft = await writer.TeamAsync(outgoing.Page, await SpokenAsync(outgoing, cancel), outgoing.Notice, outgoing.Link);
        return await transport.SendAsync(draft, null, outgoing.Notice.Address, cancel);
    }

    /// <summary>The language of the account; the page's for somebody who has none.</summary>
    private async Task<SpokenLanguage> SpokenAsync(Outgoing outgoing, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var languages = await scope
            .ServiceProvider.GetRequiredService<StatusDb>()
            .Users.Where(row => row.Email == outgoing.Notice.Address)
            .Select(row => row.Language)
            .ToListAsync(cancel);
        return languages.Count == 0 ? MailWriter.OfThePage(outgoing.Page) : new(Words.Of(languages[0]).Language, IsInAddress: false);
    }
}
