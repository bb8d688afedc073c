using StatusPage.Tests.Host;

namespace StatusPage.Tests.Alerts;

/// <summary>A program with an owner who is signed in, and with a source that calls.</summary>
public abstract class AlertDeskTests : DeskTests
{
    protected Caller Caller { get; private set; } = null!;

    protected override async Task PrepareAsync() => Caller = await App.AlertSourceAsync();
}
