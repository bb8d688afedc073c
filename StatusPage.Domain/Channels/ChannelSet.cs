namespace StatusPage.Domain.Channels;

/// <summary>A set of channels, stored as one number.</summary>
public readonly record struct ChannelSet(int Bits)
{
    /// <summary>Includes channels that are added later.</summary>
    public static readonly ChannelSet All = new(-1);
    public static readonly ChannelSet None = new(0);

    public static ChannelSet Of(IEnumerable<Channel> channels) => new(channels.Aggregate(0, (bits, channel) => bits | 1 << (int)channel));

    public bool Contains(Channel channel) => (Bits & 1 << (int)channel) != 0;

    public IEnumerable<Channel> Channels => ChannelKinds.All.Where(Contains);
}
