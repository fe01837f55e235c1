# The program is built where Swift is, and shipped where it is not: one binary, its C libraries, time zones.
FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmicrohttpd-dev libsqlite3-dev libgnutls28-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift ./
COPY Sources ./Sources
COPY Linking ./Linking
COPY openapi ./openapi
COPY seed-data ./seed-data
RUN swift build -c release --static-swift-stdlib --product understudy \
    && strip -o /usr/local/bin/understudy "$(swift build -c release --static-swift-stdlib --show-bin-path)/understudy"

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmicrohttpd12 libsqlite3-0 tzdata \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/cache/debconf/* /var/log/apt /var/log/dpkg.log \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin understudy \
    && install -d -o 10001 -g 10001 /data
COPY --from=build /usr/local/bin/understudy /usr/local/bin/understudy
USER 10001:10001
# Inside a container every address is the container's own; publish the port on 127.0.0.1 to keep it on the machine.
ENV UNDERSTUDY_HOST=0.0.0.0 UNDERSTUDY_PORT=4080
EXPOSE 4080
VOLUME /data
HEALTHCHECK --interval=10s --timeout=3s --start-period=2s CMD ["understudy", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["understudy"]
