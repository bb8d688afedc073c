namespace StatusPage.Tests.Host;

/// <summary>A program with an owner who is signed in, in either store.</summary>
public abstract class DeskTests : IAsyncLifetime
{
    protected AppHost App { get; private set; } = null!;
    protected BrowserSession Owner { get; private set; } = null!;

    /// <returns>The arguments that choose the store; none for SQLite.</returns>
    protected virtual Task<string[]> StoreAsync() => Task.FromResult<string[]>([]);

    /// <summary>Settings of all tests of a class.</summary>
    protected virtual IReadOnlyList<string> Settings => [];

    /// <summary>What the tests of a class need besides.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    public async ValueTask InitializeAsync()
    {
        App = await AppHost.StartAsync([.. Desk.Owner, .. Settings, .. await StoreAsync()]);
        Owner = await App.SignInAsync();
        await PrepareAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Owner.Dispose();
        await App.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
