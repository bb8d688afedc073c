using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Serilog.Core;
using Serilog.Events;
using StatusPage.Tests.Host;
using Xunit.v3;

[assembly: FailsOnLoggedErrors]

namespace StatusPage.Tests.Host;

/// <summary>Keeps the errors that the programs of a test class log.</summary>
public sealed class LoggedErrors : ILogEventSink
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<LogEvent>> Kept = new();

    private readonly ConcurrentQueue<LogEvent> _errors = Kept.GetOrAdd(Class, _ => new());

    /// <summary>The class whose test, or whose fixture, is running.</summary>
    private static string Class => TestContext.Current.TestClass?.UniqueID ?? "";

    public void Emit(LogEvent logEvent)
    {
        if (logEvent.Level >= LogEventLevel.Error)
            _errors.Enqueue(logEvent);
    }

    /// <summary>Takes what was logged since it was asked last.</summary>
    public static IReadOnlyList<LogEvent> Take()
    {
        var taken = new List<LogEvent>();
        if (Kept.TryGetValue(Class, out var errors))
            while (errors.TryDequeue(out var error))
                taken.Add(error);
        return taken;
    }

    public static int IdOf(LogEvent error) =>
        error.Properties.TryGetValue("EventId", out var value)
        && value is StructureValue { Properties: var parts }
        && parts.FirstOrDefault(part => part.Name == "Id")?.Value is ScalarValue { Value: int id }
            ? id
            : 0;
}

/// <summary>Errors that a test, or all tests of a class, bring about on purpose, by the ids of their log messages.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class LogsAttribute(params int[] ids) : Attribute
{
    public IReadOnlyList<int> Ids => ids;
}

/// <summary>A test fails when a program in this process logged an error that the test does not announce with <see cref="LogsAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class FailsOnLoggedErrorsAttribute : BeforeAfterTestAttribute
{
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        var announced = methodUnderTest
            .GetCustomAttributes<LogsAttribute>()
            .Concat(test.TestMethod.TestClass.Class.GetCustomAttributes<LogsAttribute>())
            .SelectMany(logs => logs.Ids)
            .ToHashSet();
        var errors = LoggedErrors.Take().Where(error => !announced.Contains(LoggedErrors.IdOf(error))).ToList();
        if (errors.Count > 0)
            Assert.Fail(
                "The program logged what no test announced:\n"
                    + string.Join(
                        '\n',
                        errors.Select(error => $"{LoggedErrors.IdOf(error)}: {error.RenderMessage(CultureInfo.InvariantCulture)}\n{error.Exception}")
                    )
            );
    }
}
