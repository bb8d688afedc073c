namespace StatusPage.Domain.Subscriptions;

public enum SubscriptionState { Pending, Confirmed, Ended }

/// <summary>Somebody who asked to be told. Nothing but the confirmation is sent before the address is confirmed.</summary>
public sealed class Subscriber
{
    private Subscriber() { }

    public SubscriberId Id { get; private init; }
    public PageId PageId { get; private init; }
    public string Email { get; private set; } = "";

    /// <summary>The address in lower case; unique on its page.</summary>
    public string EmailKey { get; private init; } = "";
    public SubscriptionState State { get; private set; }

    /// <summary>True: everything. False: only what touches <see cref="ComponentIds"/>.</summary>
    public bool WantsEverything { get; private set; } = true;
    public IReadOnlyList<ComponentId> ComponentIds { get; private set; } = [];
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? ConfirmedAt { get; private set; }
    public DateTimeOffset? EndedAt { get; private set; }

    public static Subscriber Request(PageId page, string? email, IEnumerable<ComponentId> components, DateTimeOffset now)
    {
        var address = EmailAddress.Checked(email);
        var subscriber = new Subscriber { Id = SubscriberId.New(), PageId = page, Email = address, EmailKey = EmailAddress.Key(address), CreatedAt = now };
        subscriber.Choose(components);
        return subscriber;
    }

    /// <summary>An unconfirmed or ended subscriber asks again; the last wish counts.</summary>
    public void RequestAgain(IEnumerable<ComponentId> components)
    {
        if (State == SubscriptionState.Confirmed) return;
        State = SubscriptionState.Pending;
        EndedAt = null;
        Choose(components);
    }

    /// <summary>Proof that the address's owner wants it.</summary>
    public void Confirm(DateTimeOffset now)
    {
        if (State == SubscriptionState.Confirmed) return;
        State = SubscriptionState.Confirmed;
        ConfirmedAt = now;
        EndedAt = null;
    }

    /// <summary>No components means everything.</summary>
    public void Choose(IEnumerable<ComponentId> components)
    {
        ComponentIds = [.. components.Distinct()];
        WantsEverything = ComponentIds.Count == 0;
    }

    public void End(DateTimeOffset now)
    {
        if (State == SubscriptionState.Ended) return;
        State = SubscriptionState.Ended;
        EndedAt = now;
    }

    /// <summary>Whether an announcement that touches these components is for this subscriber.</summary>
    public bool Wants(IEnumerable<ComponentId> touched) =>
        State == SubscriptionState.Confirmed && (WantsEverything || touched.Any(ComponentIds.Contains));
}
