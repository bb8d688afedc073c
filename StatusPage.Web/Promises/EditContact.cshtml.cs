using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using StatusPage.Domain;
using StatusPage.Domain.Deliveries;
using StatusPage.Domain.Notices;
using StatusPage.Web.Accounts;
using StatusPage.Web.Accounts.People;
using StatusPage.Web.Channels;
using StatusPage.Web.Data;
using StatusPage.Web.Notices;

namespace StatusPage.Web.Promises;

/// <summary>Adds, changes and tests one contact. Secrets can be entered, but are never shown again.</summary>
[Authorize(Policy = Permissions.Manage)]
public sealed class EditContactPage(ChangeWriter writer, ChannelSecrets secrets, NoticeBox box, NoticePost post, IServiceProvider services)
    : SecretFormPage(writer, secrets)
{
    [BindProperty]
    public string? Name { get; set; }

    /// <summary>An email address, the id of an account, or the address of an API.</summary>
    [BindProperty]
    public string? Address { get; set; }

    [BindProperty]
    public int Level { get; set; }

    public Contact? Contact { get; private set; }
    public ContactForm Form { get; private set; } = null!;
    public IReadOnlyList<(string Id, string Name)> People { get; private set; } = [];

    /// <summary>The result of a test.</summary>
    public SendResult? Tested { get; private set; }

    protected override async Task<string> SaveAsync()
    {
        var checks = new Checks();
        checks.Try(() => Contact.CheckedName(Name));
        var (address, encrypted) = checks.Try(Checked);
        checks.Enforce();
        var isNew = Contact is null;
        if (Contact is null)
            Db.Contacts.Add(Contact = Contact.Add(StatusPage.Id, Form.Channel, Name, address, encrypted, Level, Now));
        else
            Contact.Configure(Name, address, encrypted, Level, Now);
        var goal = $"/admin/promises/contacts/{Contact.Id}";
        var subject = $"{Contact.Name} ({Form.Label}), {PromisesPage.LevelOf(Level)}";
        await Writer.SaveAsync(StatusPage.Id, new(Actor, isNew ? "contact.added" : "contact.edited", subject, Token, goal), Cancel);
        Done = isNew ? Say["'{0}' is added. Send a test to see that it arrives.", Contact.Name] : Say["'{0}' is saved.", Contact.Name];
        return goal;
    }

    /// <summary>Answers with the page itself, which shows the result. An alert is opened and closed again.</summary>
    public async Task<IActionResult> OnPostTestAsync()
    {
        if (!await LoadAsync() || Contact is null)
            return NotFound();
        var topic = $"test.{NewToken()}";
        var text = new NoticeText(
            Say["Test by {0} status", StatusPage.Name],
            Say["This is a test of the way to you. Nothing is wrong, and nothing is to be done."],
            Say["Open the desk"],
            "/admin",
            topic
        );
        Tested = await SendAsync(text);
        if (Tested is SendResult.Sent && Form.Channel is NoticeChannel.PagerDuty or NoticeChannel.Opsgenie)
            Tested = await SendAsync(text with { Closes = true });
        await Writer.SaveAsync(StatusPage.Id, new(Actor, "contact.tested", $"{Contact.Name} ({Form.Label})"), Cancel);
        return ShowAnew();

        Task<SendResult> SendAsync(NoticeText words) =>
            post.SendAsync(box.Make(StatusPage.Id, Form.Channel, topic, Contact.NoticeAddress, words), Contact, services, Cancel);
    }

    private (string? Address, string? Secrets) Checked()
    {
        if (Form.Service is not { } service)
        {
            if (Form.Channel == NoticeChannel.Browser && !People.Any(person => person.Id == Address))
                throw new RuleViolation("Choose whose browsers are told.", nameof(Address));
            return (Address, null);
        }
        var checks = new Checks();
        var address = checks.Try(() => service.CheckedAddress(Address));
        var encrypted = checks.Try(() => Encrypted(service, isOtherServer: Contact is not null && address != Contact.Address));
        checks.Enforce();
        return (address, encrypted);
    }

    protected override void Show() =>
        (Name, Address, Level) = Contact is null ? (null, Form.Service?.DefaultAddress, 1) : (Contact.Name, Contact.Address, Contact.Level);

    protected override async Task<bool> LoadAsync()
    {
        Contact = await Db.FindContactAsync(StatusPage.Id, Id, Cancel);
        if (Contact is null && Id != New)
            return false;
        if ((Contact is null ? ContactForm.Parse(Code) : ContactForm.For(Contact.Channel)) is not { } form)
            return false;
        Form = form;
        Know(Contact?.Secrets is { } stored ? Stored.Read(stored) : null);
        People =
        [
            .. (
                await Db.MembersOf(StatusPage.Id)
                    .Select(row => row.Account)
                    .OrderBy(row => row.UserName)
                    .Select(row => new { row.Id, row.UserName })
                    .ToListAsync(Cancel)
            ).Select(row => (row.Id, row.UserName ?? row.Id)),
        ];
        return true;
    }
}
