using StatusPage.Domain.Components;

namespace StatusPage.Tests.Host;

/// <summary>One application for a class whose tests only read or do not disturb each other.</summary>
public sealed class SharedApp : IAsyncLifetime
{
    public AppHost App { get; private set; } = null!;
    public ApiClient Api { get; private set; } = null!;
    public Component Component { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        App = await AppHost.StartBesideAsync();
        Api = await App.ApiAsync();
        Component = await App.ComponentAsync();
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
