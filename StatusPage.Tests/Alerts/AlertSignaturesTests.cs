using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using StatusPage.Domain.Alerts;
using StatusPage.Web.Alerts.Sources;

namespace StatusPage.Tests.Alerts;

/// <summary>Who may say that something is wrong.</summary>
public sealed class AlertSignaturesTests
{
    /// <summary>HMAC-SHA256 of {} with "secret", by OpenSSL.</summary>
    private const string OfBody = "77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13";

    /// <summary>The same of 1700000000:{}.</summary>
    private const string OfTimestampAndBody = "90d1dfc305363e56438c2a03dac8b91f27a9842b7e361afe3743831bca23c856";

    private const string Signature = AlertSignatures.GrafanaHeader;
    private const string Timestamp = AlertSignatures.GrafanaTimestampHeader;

    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private static AlertProof Check(AlertSourceKind kind, string body, string[] secrets, params (string Name, string Value)[] headers) =>
        CheckAt(Now, kind, body, secrets, headers);

    private static AlertProof CheckAt(
        DateTimeOffset now,
        AlertSourceKind kind,
        string body,
        string[] secrets,
        params (string Name, string Value)[] headers
    )
    {
        var sent = new HeaderDictionary();
        foreach (var (name, value) in headers)
            sent.Append(name, value);
        return AlertSignatures.Check(kind, sent, Encoding.UTF8.GetBytes(body), secrets, now);
    }

    private static string Sign(string secret, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    private static string Basic(string pair) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair))}";

    [Theory]
    [InlineData("v1=" + OfBody, AlertProof.Good)]
    [InlineData("v1=0000000000000000000000000000000000000000000000000000000000000000, v1=" + OfBody, AlertProof.Good)]
    [InlineData("v2=whatever,v1=" + OfBody + ",v1=short", AlertProof.Good)]
    [InlineData("v2=" + OfBody, AlertProof.Wrong)]
    [InlineData(OfBody, AlertProof.Wrong)]
    [InlineData("v1=", AlertProof.Wrong)]
    [InlineData("v1=77", AlertProof.Wrong)]
    [InlineData(",", AlertProof.Wrong)]
    [InlineData("", AlertProof.Missing)]
    public void PagerDuty_signs_with_several_signatures(string header, AlertProof proof) =>
        Assert.Equal(proof, Check(AlertSourceKind.PagerDuty, "{}", ["secret"], (AlertSignatures.PagerDutyHeader, header)));

    [Theory]
    [InlineData(OfBody, AlertProof.Good)]
    [InlineData("77325902CACA812DC259733AACD046B73817372C777B8D95B402647474516E13", AlertProof.Good)]
    [InlineData("77325902caca812dc259733aacd046b73817372c777b8d95b402647474516e12", AlertProof.Wrong)]
    [InlineData("sha256=" + OfBody, AlertProof.Wrong)]
    [InlineData("zz325902caca812dc259733aacd046b73817372c777b8d95b402647474516e13", AlertProof.Wrong)]
    [InlineData("", AlertProof.Missing)]
    public void FireHydrant_signs_the_body(string header, AlertProof proof) =>
        Assert.Equal(proof, Check(AlertSourceKind.FireHydrant, "{}", ["secret"], (AlertSignatures.FireHydrantHeader, header)));

    [Fact]
    public void One_byte_more_makes_it_wrong()
    {
        Assert.Equal(AlertProof.Wrong, Check(AlertSourceKind.FireHydrant, "{} ", ["secret"], (AlertSignatures.FireHydrantHeader, OfBody)));
        Assert.Equal(AlertProof.Wrong, Check(AlertSourceKind.FireHydrant, "{}", ["Secret"], (AlertSignatures.FireHydrantHeader, OfBody)));
    }

    [Theory]
    [InlineData(AlertSourceKind.PagerDuty)]
    [InlineData(AlertSourceKind.FireHydrant)]
    public void Those_who_sign_cannot_send_the_secret_instead(AlertSourceKind kind) =>
        Assert.Equal(AlertProof.Missing, Check(kind, "{}", ["secret"], ("Authorization", "Bearer secret")));

    [Fact]
    public void The_secret_before_goes_on_for_as_long_as_it_is_given()
    {
        Assert.Equal(AlertProof.Good, Check(AlertSourceKind.FireHydrant, "{}", ["new", "secret"], (AlertSignatures.FireHydrantHeader, OfBody)));
        Assert.Equal(AlertProof.Wrong, Check(AlertSourceKind.FireHydrant, "{}", ["new"], (AlertSignatures.FireHydrantHeader, OfBody)));
        Assert.Equal(AlertProof.Good, Check(AlertSourceKind.Datadog, "{}", ["new", "secret"], ("Authorization", "Bearer secret")));
    }

    [Fact]
    public void Without_a_secret_nothing_is_proved()
    {
        foreach (
            var secrets in (string[][])
                [
                    [],
                    [""],
                ]
        )
        {
            Assert.Equal(AlertProof.Wrong, Check(AlertSourceKind.FireHydrant, "{}", secrets, (AlertSignatures.FireHydrantHeader, Sign("", "{}"))));
            Assert.Equal(AlertProof.Wrong, Check(AlertSourceKind.Datadog, "{}", secrets, ("Authorization", "Bearer ")));
            Assert.Equal(AlertProof.Wrong, Check(AlertSourceKind.Datadog, "{}", secrets, ("Authorization", Basic("name:"))));
        }
    }

    [Fact]
    public void Grafana_signs_the_body_alone_where_no_timestamp_is_named() =>
        Assert.Equal(AlertProof.Good, Check(AlertSourceKind.Grafana, "{}", ["secret"], (Signature, OfBody)));

    [Theory]
    [InlineData(0, AlertProof.Good)]
    [InlineData(300, AlertProof.Good)]
    [InlineData(-300, AlertProof.Good)]
    [InlineData(301, AlertProof.TooOld)]
    [InlineData(-301, AlertProof.TooOld)]
    public void Grafana_signs_the_time_with_it(int secondsLater, AlertProof proof) =>
        Assert.Equal(
            proof,
            CheckAt(Now.AddSeconds(secondsLater), AlertSourceKind.Grafana, "{}", ["secret"], (Signature, OfTimestampAndBody), (Timestamp, "1700000000"))
        );

    [Theory]
    [InlineData(OfTimestampAndBody, "1700000001")]
    [InlineData(OfBody, "1700000000")]
    [InlineData(OfBody, "1")]
    [InlineData(OfTimestampAndBody, "")]
    [InlineData(OfTimestampAndBody, "soon")]
    [InlineData(OfTimestampAndBody, "-1")]
    [InlineData(OfTimestampAndBody, "9223372036854775807")]
    [InlineData(OfTimestampAndBody, "99999999999999999999")]
    public void A_time_that_was_not_signed_is_wrong(string signature, string timestamp) =>
        Assert.Equal(
            AlertProof.Wrong,
            Check(AlertSourceKind.Grafana, "{}", ["secret"], (Signature, signature), (Timestamp, timestamp), ("Authorization", "Bearer secret"))
        );

    [Fact]
    public void The_header_of_the_time_may_have_another_name()
    {
        var headers = new HeaderDictionary { [Signature] = OfTimestampAndBody, ["X-When"] = "1700000000" };
        Assert.Equal(AlertProof.Good, AlertSignatures.Check(AlertSourceKind.Grafana, headers, "{}"u8, ["secret"], Now, "X-When"));
        Assert.Equal(AlertProof.Wrong, AlertSignatures.Check(AlertSourceKind.Grafana, headers, "{}"u8, ["secret"], Now));
    }

    [Fact]
    public void Grafana_may_send_the_secret_but_a_wrong_signature_is_wrong()
    {
        Assert.Equal(AlertProof.Good, Check(AlertSourceKind.Grafana, "{}", ["secret"], ("Authorization", "Bearer secret")));
        Assert.Equal(AlertProof.Missing, Check(AlertSourceKind.Grafana, "{}", ["secret"]));
        Assert.Equal(AlertProof.Wrong, Check(AlertSourceKind.Grafana, "{}", ["secret"], ("Authorization", "Bearer secret"), (Signature, "00")));
    }

    [Theory]
    [InlineData("Bearer s3cret:with:colons", AlertProof.Good)]
    [InlineData("bearer  s3cret:with:colons ", AlertProof.Good)]
    [InlineData("Bearer s3cret:with:colon", AlertProof.Wrong)]
    [InlineData("Bearer", AlertProof.Wrong)]
    [InlineData("Digest s3cret:with:colons", AlertProof.Wrong)]
    [InlineData("s3cret:with:colons", AlertProof.Wrong)]
    [InlineData("Basic !!!", AlertProof.Wrong)]
    [InlineData("", AlertProof.Missing)]
    public void The_others_send_the_secret(string header, AlertProof proof)
    {
        foreach (var kind in AlertSourceKinds.All.Where(kind => kind is not (AlertSourceKind.PagerDuty or AlertSourceKind.FireHydrant)))
            Assert.Equal(proof, Check(kind, "", ["s3cret:with:colons"], ("Authorization", header)));
    }

    [Theory]
    [InlineData("statuspage:s3cret:with:colons", AlertProof.Good)]
    [InlineData(":s3cret:with:colons", AlertProof.Good)]
    [InlineData("s3cret:with:colons", AlertProof.Wrong)]
    [InlineData("statuspage", AlertProof.Wrong)]
    public void The_secret_may_be_a_password(string pair, AlertProof proof) =>
        Assert.Equal(proof, Check(AlertSourceKind.Alertmanager, "", ["s3cret:with:colons"], ("Authorization", Basic(pair))));

    [Fact]
    public void Two_answers_to_one_question_are_wrong() =>
        Assert.Equal(
            AlertProof.Wrong,
            Check(AlertSourceKind.Datadog, "", ["secret"], ("Authorization", "Bearer secret"), ("Authorization", "Bearer other"))
        );
}
