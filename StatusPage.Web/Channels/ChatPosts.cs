using StatusPage.Domain;
using StatusPage.Domain.Channels;
using StatusPage.Domain.Components;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Languages;
using StatusPage.Domain.Pages;
using StatusPage.Domain.Subscriptions;
using StatusPage.Web.Data;
using StatusPage.Web.Deliveries;
using StatusPage.Web.Hosting;
using StatusPage.Web.Languages;
using StatusPage.Web.Subscriptions;

namespace StatusPage.Web.Channels;

/// <summary>Posts in the chat channels of subscribers. Each message ends with the links by which its channel changes or ends the subscription.</summary>
public sealed class ChatPosts(OutboundHttp http, ChatServices services, ChannelSecrets secrets, PublicAddresses addresses, TimeProvider time)
{
    public async Task<SendResult> SendAsync(Subscriber channel, ChatNews told)
    {
        if (secrets.Read(channel.Secrets!)?.GetValueOrDefault(Chat.Address) is not { } address)
            return new SendResult.OurFault("Its address can no longer be read. It must be subscribed again.");
        var to = new Uri(address);
        if (services.Objection(to) is { } objection)
            return new SendResult.GiveUp(objection.ToString());
        var reply = await Chat.PostAsync(
            http,
            Channel.Webhook,
            Chat.AddressOf(channel.Chat!.Value, to),
            Chat.Write(channel.Chat.Value, MessageFor(channel, told))
        );
        if (reply.IsGood)
            return SendResult.Ok;
        // A webhook that was removed there.
        var failed = reply.Failed(time.GetUtcNow(), isGone: reply.Status is 404 or 410);
        return failed with { Reason = AccountSender.Hide(failed.Reason, address) };
    }

    private ChatMessage MessageFor(Subscriber channel, ChatNews told)
    {
        var page = told.Page;
        var language = Language.Find(channel.Language) ?? Language.Find(page.Language) ?? Language.English;
        var say = Words.Of(language);
        var root = addresses.Of(page.Location).In(new SpokenLanguage(language, IsInAddress: channel.Language is not null));
        ChatLink[] links = [new(say["Manage"], Link(SignedLinkPurpose.Manage)), new(say["Unsubscribe"], Link(SignedLinkPurpose.Unsubscribe))];
        if (told.News is { } news)
            return ChatMessage.Of(news) with { Links = links };
        var isConfirmation = told.Kind == AnnouncementKind.Confirmation;
        var notice = SubscriptionNotice.Of(told.Kind, page, say, say["this channel"], null);
        ChatLink action = new(notice.Action, Link(isConfirmation ? SignedLinkPurpose.Confirm : SignedLinkPurpose.Manage));
        return new(
            notice.Subject,
            notice.Message,
            // Where there are no buttons.
            $"{notice.Message}\n\n[{action.Words}]({action.Address})",
            [],
            notice.Footnote,
            null,
            time.GetUtcNow(),
            ComponentStatus.UnderMaintenance,
            action,
            isConfirmation ? [] : links
        );

        string Link(SignedLinkPurpose purpose) => root.Of(SignedLink.PathFor(purpose, channel.Id, page.LinkKey));
    }
}

/// <summary>What the channels of subscribers are told.</summary>
/// <param name="News">Null for a notice to one channel.</param>
public sealed record ChatNews(AnnouncementKind Kind, Page Page, News? News);
