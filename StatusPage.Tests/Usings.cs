global using Xunit;
global using IZone = StatusPage.Domain.IZone;
global using Zones = StatusPage.Web.Shared.Zones;
