namespace StatusPage.Domain;

/// <summary>Rules that do not depend on each other, tried one after the other, so that a person learns of everything that is wrong at once.</summary>
public sealed class Checks
{
    private readonly List<RuleViolation> _broken = [];

    /// <exception cref="RuleViolation">Rules are broken: the first, with the others.</exception>
    public static void All(params ReadOnlySpan<Action> rules)
    {
        var checks = new Checks();
        foreach (var rule in rules)
            checks.Try(rule);
        checks.Enforce();
    }

    /// <summary>Whether every rule holds so far; what builds on several values is checked only then.</summary>
    public bool Hold => _broken.Count == 0;

    /// <returns>What was read; where a rule is broken, nothing that may be used: <see cref="Enforce"/> throws then.</returns>
    public T Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (RuleViolation violation)
        {
            _broken.AddRange(violation.All);
            return default!;
        }
    }

    public void Try(Action check) =>
        Try(() =>
        {
            check();
            return true;
        });

    public void Refuse(bool broken, Sentence sentence, string field)
    {
        if (broken)
            _broken.Add(new(sentence, field));
    }

    /// <exception cref="RuleViolation">Rules are broken: the first, with the others.</exception>
    public void Enforce()
    {
        if (!Hold)
            throw RuleViolation.Of(_broken);
    }
}
