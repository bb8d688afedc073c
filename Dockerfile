# Built from the repository's root: docker build -t statuspage .
# docs/deploy/topology.sh takes the steps of the first stage from here, so that both build the same.
# Images are named by digest, so that a build takes what was looked at; docs/deploy/digests.sh prints the ones of today.
# It runs on the machine's own architecture; what it makes is for TARGETARCH.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:10.0.401@sha256:e70cdb7f80b0348f5cb85f19a8f670fca061f033d57eed12fa003d58b0e06317 AS build
ARG TARGETARCH
WORKDIR /src
# Alone, so that the packages are fetched again only when their list changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY StatusPage.Domain/StatusPage.Domain.csproj StatusPage.Domain/packages.lock.json StatusPage.Domain/
COPY StatusPage.Web/StatusPage.Web.csproj StatusPage.Web/packages.lock.json StatusPage.Web/
RUN dotnet restore StatusPage.Web --arch $TARGETARCH --locked-mode
COPY .editorconfig ./
COPY StatusPage.Domain StatusPage.Domain/
COPY StatusPage.Web StatusPage.Web/
COPY themes themes/
RUN dotnet publish StatusPage.Web --no-restore --configuration Release --arch $TARGETARCH --no-self-contained -p:UseAppHost=false --output /app
# The image below has no shell to make a folder with.
RUN mkdir /data

# Ubuntu without shell and package manager; "extra" brings ICU and tzdata.
FROM mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled-extra@sha256:00e0ad6a7ef8c0c1391b87f05c7ac757a15740455688f2bfcd146a3f4b987efd
WORKDIR /app
COPY --from=build /app ./
COPY --from=build --chown=$APP_UID:$APP_UID /data /data
# Everything that the program writes lies here, what .NET would put into /tmp too. Its diagnostics are off, as they would open a socket there.
ENV DataDirectory=/data
ENV TMPDIR=/data
ENV DOTNET_EnableDiagnostics=0
# Bytes between two collections of what was made last. By itself it is as large as the processor's cache, which is many times what a small container has.
ENV DOTNET_GCgen0size=0x400000
ENV ASPNETCORE_HTTP_PORTS=8080
VOLUME /data
EXPOSE 8080
USER $APP_UID
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --start-interval=1s CMD ["dotnet", "StatusPage.Web.dll", "healthcheck"]
ENTRYPOINT ["dotnet", "StatusPage.Web.dll"]
