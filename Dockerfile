# syntax=docker/dockerfile:1

# The build runs on the machine's own architecture; what it makes is for TARGETARCH.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /src
# Only what says which packages there are: this layer is made anew when one of these files changes, not with every line of code.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY StatusPage.Domain/StatusPage.Domain.csproj StatusPage.Domain/
COPY StatusPage.Web/StatusPage.Web.csproj StatusPage.Web/
RUN dotnet restore StatusPage.Web --arch $TARGETARCH
COPY StatusPage.Domain StatusPage.Domain
COPY StatusPage.Web StatusPage.Web
COPY themes themes
# For a named architecture the program is compiled ahead (ReadyToRun, see StatusPage.Web.csproj): it starts in two thirds of the time.
RUN dotnet publish StatusPage.Web --no-restore --configuration Release --arch $TARGETARCH --output /app

# The plain runtime image: cultures (ICU) and time zones (tzdata) are in it, which the slim variants leave out.
FROM mcr.microsoft.com/dotnet/aspnet:10.0
# All that the program writes goes to /data, also what .NET would put in /tmp, so that the rest may be read-only.
# Diagnostics are off because their socket would be in /tmp.
ENV DataDirectory=/data \
    TMPDIR=/data \
    DOTNET_EnableDiagnostics=0 \
    ASPNETCORE_HTTP_PORTS=8080
RUN mkdir /data && chown $APP_UID:$APP_UID /data
# Owned by root: the program cannot change itself.
COPY --from=build /app /app
WORKDIR /app
USER $APP_UID
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --start-interval=1s CMD ["dotnet", "StatusPage.Web.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "StatusPage.Web.dll"]
