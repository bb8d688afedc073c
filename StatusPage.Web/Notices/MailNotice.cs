using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Notices;
using StatusPage.Web.Deliveries;

namespace StatusPage.Web.Notices;

/// <summary>Sends by email, through the relay that subscribers' mails use; without a relay it writes a file.</summary>
public sealed class MailNotice(MailWriter writer, MailTransport transport) : INoticeSender
{
    public NoticeChannel Channel => NoticeChannel.Email;

    public async Task<SendResult> SendAsync(Outgoing outgoing, CancellationToken cancel)
    {
        var draft = await writer.TeamAsync(outgoing.Page, outgoing.Notice, outgoing.Link);
        return await transport.SendAsync(draft, null, outgoing.Notice.Address, cancel);
    }
}
