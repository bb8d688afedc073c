namespace StatusPage.Domain.Accounts;

/// <summary>What a person or a key is trusted with.</summary>
public enum Role
{
    /// <summary>May read everything.</summary>
    Auditor,

    /// <summary>May read and draft.</summary>
    Responder,

    /// <summary>May read, draft and publish.</summary>
    Comms,

    /// <summary>May do everything, accounts and keys too.</summary>
    Owner,
}

public static class Roles
{
    public static readonly Role[] All = Enum.GetValues<Role>();

    public static string Code(this Role role) =>
        role switch
        {
            Role.Auditor => "auditor",
            Role.Responder => "responder",
            Role.Comms => "comms",
            Role.Owner => "owner",
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
        };

    /// <summary>For people.</summary>
    public static string Label(this Role role) =>
        role switch
        {
            Role.Auditor => "Auditor",
            Role.Responder => "Responder",
            Role.Comms => "Comms",
            Role.Owner => "Owner",
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
        };

    public static Role? Parse(string? code)
    {
        foreach (var role in All)
            if (role.Code() == code)
                return role;
        return null;
    }

    public static bool MayDraft(this Role role) => role is not Role.Auditor;

    public static bool MayPublish(this Role role) => role is Role.Owner or Role.Comms;

    public static bool MayManage(this Role role) => role is Role.Owner;
}
