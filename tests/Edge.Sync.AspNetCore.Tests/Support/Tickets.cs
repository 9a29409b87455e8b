using System.Collections.Concurrent;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Edge.Sync.AspNetCore.Tests.Support;

/// <summary>Whom the hub knows, by token.</summary>
internal sealed class Tickets
{
    private readonly ConcurrentDictionary<string, AuthenticationTicket> _byToken = [];

    public void Add(string token, DateTimeOffset? expires = null, params Claim[] claims) =>
        _byToken[token] = new(new(new ClaimsIdentity(claims, "test")), new() { ExpiresUtc = expires }, "test");

    public AuthenticationTicket? Find(string token) => _byToken.GetValueOrDefault(token);
}

/// <summary>Reads bearer tokens.</summary>
internal sealed class TicketHandler(Tickets tickets, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.Length == 0) return Task.FromResult(AuthenticateResult.NoResult());
        return Task.FromResult(header.StartsWith("Bearer ", StringComparison.Ordinal) && tickets.Find(header["Bearer ".Length..]) is { } ticket
            ? AuthenticateResult.Success(ticket) : AuthenticateResult.Fail("unknown token"));
    }
}
