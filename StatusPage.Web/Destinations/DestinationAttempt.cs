using StatusPage.Domain.Destinations;
using StatusPage.Web.Destinations.Clients;

namespace StatusPage.Web.Destinations;

/// <summary>
/// One attempt to bring an object to a destination. Before a second create it looks for the first; before an update it looks whether somebody edited.
/// What came of it stands in the link afterwards.
/// </summary>
/// <param name="commit">Saves the link before something is sent; false when the link is another node's by now, and then nothing is sent.</param>
public sealed class DestinationAttempt(
    IDestinationClient client,
    DestinationInUse to,
    DestinationMessage message,
    DestinationLink link,
    TimeProvider time,
    Func<Task<bool>> commit
)
{
    private readonly Outgoing _what = client.Write(to, message);
    private readonly int _asked = link.Asked;

    private DateTimeOffset Now => time.GetUtcNow();

    private DestinationMessage Said => message with { EventId = link.EventIdOf(_what) };

    /// <returns>What did not go well; null: it went well, or the link is another node's.</returns>
    public Task<Remote?> RunAsync()
    {
        link.MoveTo(to.Place);
        return link.RemoteId is { } id ? RenewAsync(id) : MakeAsync();
    }

    private async Task<Remote?> MakeAsync()
    {
        Remote? clash = null;
        for (var round = 0; round < 2; round++)
        {
            var found = await client.FindAsync(to, _what, link.PendingTitle, link.ClaimedAt);
            switch (found)
            {
                case Remote.Found { There.IsOurs: true, There: var ours }:
                    return await AdoptAsync(ours);
                case Remote.Found { There: var other }:
                    return Failed(
                        new Remote.Refused(
                            $"There is a page called '{_what.Title}' already, and it is not ours"
                                + $"{(other.Url is { } at ? $": {at}" : "")}. Rename it, then send it again."
                        )
                    );
                case Remote.Nothing:
                    break;
                default:
                    return Failed(found);
            }
            link.BeginCreate(_what, Now);
            if (!await commit())
                return null;
            switch (await client.CreateAsync(to, Said, _what))
            {
                case Remote.Found { There: var made }:
                    return await StandsAsync(made);
                case Remote.Conflict conflict:
                    // Ours may have arrived before, so it is looked for once more.
                    clash = conflict;
                    break;
                case var failure:
                    return Failed(failure);
            }
        }
        return Failed(clash!);
    }

    /// <summary>What we made before, with an answer that was lost, or for a ledger that is no more. It counts as ours only as far as its words are.</summary>
    private async Task<Remote?> AdoptAsync(RemoteObject ours)
    {
        string? sent;
        if (link.IsOurLostCreate(ours) || link.IsAsWeReadIt(ours))
            sent = link.SentPrint;
        else if (ours.Body is { } body && BodyPrint.OfWords(body) == _what.Words && (link.PendingWords is null || ours.Version is null))
            sent = _what.Print;
        else
        {
            link.StopBeside(ours, _what, Now);
            return null;
        }
        ours = await client.CompleteAsync(to, ours);
        link.Stands(ours, sent, Now);
        return sent == _what.Print ? Done(ours, sent) : await RenewAsync(ours.Id);
    }

    private async Task<Remote?> RenewAsync(string id)
    {
        if (!client.Kind.IsTold() && link.SentPrint == _what.Print && link.PendingWords is null)
        {
            link.Finish(_asked, Now);
            return null;
        }
        Remote? clash = null;
        for (var round = 0; round < 2; round++)
        {
            var read = await client.ReadAsync(to, _what, id);
            if (read is not Remote.Found { There: var current })
                return Failed(read is Remote.Refused refused ? refused.OfOurOwn : read);
            if (!current.IsOurs)
                return Failed(
                    new Remote.Refused(
                        $"What stands there does not bear our line '{link.Ref.Marker}', so it may be somebody else's, and it was not written over. "
                            + "Put the line back at its end, or choose 'Make it anew' or 'Forget the link' at the destination."
                    )
                );
            if (!link.IsAsWeLeftIt(current))
            {
                if (!link.IsOurLostWrite(current))
                {
                    link.StopAsEdited(Now);
                    return null;
                }
                var isThis = link.PendingWords == _what.Words;
                link.Stands(current, isThis ? _what.Print : link.SentPrint, Now);
                if (isThis)
                {
                    link.Finish(_asked, Now);
                    return null;
                }
            }
            link.BeginUpdate(_what, current, Now);
            if (!await commit())
                return null;
            switch (await client.UpdateAsync(to, Said, _what, current))
            {
                case Remote.Found { There: var written }:
                    return await StandsAsync(written);
                case Remote.Conflict conflict:
                    clash = conflict;
                    break;
                case var failure:
                    return Failed(failure);
            }
        }
        return Failed(clash!);
    }

    /// <summary>Reads back what was written, as systems write a body anew when they store it. Where that fails, the next attempt does it.</summary>
    private async Task<Remote?> StandsAsync(RemoteObject written)
    {
        link.Stands(written with { Body = null }, _what.Print, Now);
        if (client.Kind.IsTold())
            return Done(written, _what.Print);
        var read = await client.ReadAsync(to, _what, written.Id);
        if (read is not Remote.Found { There: var stands })
        {
            if (written.Version is not null)
                return Done(written with { Body = null }, _what.Print);
            // Without a version, an edit is told by what was read here, so it is read again.
            link.BeginUpdate(_what, null, Now);
            return Failed(read);
        }
        return Done(stands with { Url = stands.Url ?? written.Url, Note = written.Note }, _what.Print);
    }

    private Remote? Done(RemoteObject stands, string? sent)
    {
        link.Stands(stands, sent, Now);
        link.Finish(_asked, Now);
        return null;
    }

    private Remote Failed(Remote failure)
    {
        link.Fail(failure, Now);
        return failure;
    }
}
