using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace StatusPage.Tests.Accounts;

/// <summary>A person whom the provider signs in.</summary>
/// <param name="At">When the provider last authenticated them; null if it does not say.</param>
internal sealed record Somebody(string Subject, string Email, string[] Roles, bool IsVerified = true, string[]? Methods = null, DateTimeOffset? At = null);

/// <summary>
/// A real OpenID provider (OpenIddict) on loopback: code flow, PKCE required, tokens signed. It signs every visitor in as <see cref="Person"/>.
/// </summary>
internal sealed class OpenIdServer : IAsyncDisposable
{
    public const string ClientId = "status";
    public const string ClientSecret = "a-secret-between-the-two-of-us";

    private readonly WebApplication _app;
    private readonly RSA _key;

    private OpenIdServer(WebApplication app, RSA key) => (_app, _key) = (app, key);

    public Somebody Person { get; set; } = new("17", "ann@acme.example", ["status-comms"]);
    public Uri Address { get; private set; } = null!;

    /// <summary>The settings of a program that trusts this provider.</summary>
    public string[] Settings =>
        [
            "--Oidc:Authority",
            Address.ToString(),
            "--Oidc:ClientId",
            ClientId,
            "--Oidc:ClientSecret",
            ClientSecret,
            "--Oidc:Name",
            "Acme",
            "--Oidc:Roles:comms",
            "status-comms",
            "--Oidc:Roles:owner",
            "status-owners",
        ];

    public static async Task<OpenIdServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var key = RSA.Create(2048);
        OpenIdServer? self = null;
        builder
            .Services.AddOpenIddict()
            .AddServer(server =>
            {
                server.EnableDegradedMode();
                server.SetAuthorizationEndpointUris("authorize").SetTokenEndpointUris("token");
                server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
                server.RegisterScopes(Scopes.Email, Scopes.Profile, Scopes.OpenId);
                server.AddSigningKey(new RsaSecurityKey(key)).AddEphemeralEncryptionKey();
                server.UseAspNetCore().DisableTransportSecurityRequirement();
                server.AddEventHandler<OpenIddictServerEvents.ValidateAuthorizationRequestContext>(handler =>
                    handler.UseInlineHandler(context =>
                    {
                        if (context.ClientId != ClientId || context.RedirectUri?.EndsWith("/admin/provider/callback", StringComparison.Ordinal) != true)
                            context.Reject(Errors.InvalidClient);
                        return default;
                    })
                );
                server.AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(handler =>
                    handler.UseInlineHandler(context =>
                    {
                        if (context.ClientId != ClientId || context.ClientSecret != ClientSecret)
                            context.Reject(Errors.InvalidClient);
                        return default;
                    })
                );
                server.AddEventHandler<OpenIddictServerEvents.HandleAuthorizationRequestContext>(handler =>
                    handler.UseInlineHandler(context =>
                    {
                        context.SignIn(PrincipalOf(self!.Person, context.Request.GetScopes()));
                        return default;
                    })
                );
            });
        var app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        self = new(app, key);
        await app.StartAsync();
        self.Address = new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());
        return self;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private static ClaimsPrincipal PrincipalOf(Somebody person, IEnumerable<string> scopes)
    {
        var identity = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType, Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, person.Subject).SetClaim(Claims.Email, person.Email).SetClaim(Claims.EmailVerified, person.IsVerified);
        identity.SetClaims("roles", [.. person.Roles]);
        if (person.Methods is { } methods)
            identity.SetClaims(Claims.AuthenticationMethodReference, [.. methods]);
        if (person.At is { } at)
            identity.SetClaim(Claims.AuthenticationTime, at.ToUnixTimeSeconds());
        identity.SetScopes(scopes);
        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.IdentityToken]);
        return new(identity);
    }
}
