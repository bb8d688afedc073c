using StatusPage.Domain;
using StatusPage.Domain.Handovers;

namespace StatusPage.Tests.Handovers;

public sealed class HandoverTests
{
    private static Handover New() => Handover.Write(An.PageId, "All is quiet.", "ann", An.Instant);

    [Fact]
    public void Somebody_else_acknowledges_it_once()
    {
        var note = New();
        Assert.StartsWith(
            "You wrote this note.",
            Assert.Throws<RuleViolation>(() => note.Acknowledge("ann", An.Instant)).Message,
            StringComparison.Ordinal
        );
        note.Acknowledge("ben", An.Instant.AddMinutes(5));
        Assert.Equal(("ben", An.Instant.AddMinutes(5)), (note.AcknowledgedBy, note.AcknowledgedAt));
        Assert.Equal("ben has acknowledged this note already.", Assert.Throws<RuleViolation>(() => note.Acknowledge("cid", An.Instant)).Message);
    }

    [Fact]
    public void What_was_acknowledged_stays_as_it_was_read()
    {
        var note = New();
        note.Edit("One draft waits.", "cid", An.Instant);
        Assert.False(note.IsFor("cid"));
        note.Acknowledge("ben", An.Instant);
        Assert.Contains("Write a new one.", Assert.Throws<RuleViolation>(() => note.Edit("No.", "ann", An.Instant)).Message, StringComparison.Ordinal);
        Assert.Equal("One draft waits.", note.Body);
    }

    [Fact]
    public void An_outline_says_what_is_open_promised_and_waiting_and_how_much_there_is_beyond()
    {
        var open = new HandoverState(
            [.. Enumerable.Range(1, 51).Select(i => new HandoverItem($"Trouble {i}", $"https://a.example/{i}", "SEV2"))],
            [],
            [new("Upgrade", null, "")],
            []
        );
        var text = open.Outline(sentence => sentence.ToString());
        Assert.StartsWith("## Open and promised\n\n- [Trouble 1](https://a.example/1): SEV2\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "- [Trouble 50](https://a.example/50): SEV2\n- and 1 more\n\n## Waiting\n\nNo draft and no alert waits.\n",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("- Upgrade\n\n## Deliveries\n\nNo trouble.\n", text, StringComparison.Ordinal);
    }
}
