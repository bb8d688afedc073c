namespace StatusPage.Web.Deliveries;

/// <summary>
/// Writing rows goes before sending: while this node fans out, its lanes take one batch for each stretch that is written. So the first recipients are told
/// at once, all rows exist within seconds, and then everything goes into sending.
/// </summary>
public sealed class FanOutPace
{
    private volatile TaskCompletionSource? _stretch;

    public void Begin() => _stretch = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void End()
    {
        var stretch = _stretch;
        _stretch = null;
        stretch?.SetResult();
    }

    /// <summary>Returns at once, or when the current stretch is written.</summary>
    public Task TurnAsync(CancellationToken cancel) => _stretch?.Task.WaitAsync(cancel) ?? Task.CompletedTask;
}
