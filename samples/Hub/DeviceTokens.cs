using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Hub;

/// <summary>Bearer tokens from the configuration: <c>Devices:TOKEN = name</c>, <c>Leads:0 = name</c>. For trying out: a fleet wants tokens that expire, or client certificates.</summary>
internal sealed class DeviceTokens(IConfiguration configuration, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private const string Prefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.Ordinal)) return Task.FromResult(AuthenticateResult.NoResult());
        var device = configuration.GetSection("Devices").GetChildren().FirstOrDefault(known => known.Key == header[Prefix.Length..])?.Value;
        if (device is null) return Task.FromResult(AuthenticateResult.Fail("unknown token"));
        var identity = new ClaimsIdentity([new("device", device)], Scheme.Name);
        if (configuration.GetSection("Leads").GetChildren().Any(lead => lead.Value == device)) identity.AddClaim(new(ClaimTypes.Role, "lead"));
        return Task.FromResult(AuthenticateResult.Success(new(new(identity), Scheme.Name)));
    }
}
