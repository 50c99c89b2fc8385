# The API: docker build -f infra/images/api.Dockerfile --build-arg NODE_IMAGE=node:26-…@sha256:… .
# NODE_IMAGE has no default on purpose: README.md says how to find the digest of the day.
ARG NODE_IMAGE

# What the API is made of: its modules, and a package.json and lock file with the packages that they import.
FROM ${NODE_IMAGE} AS cut
WORKDIR /checkout
COPY package.json package-lock.json ./
COPY infra/images/cut-out.ts infra/images/
COPY migrations migrations
COPY src src
RUN node --disable-warning=ExperimentalWarning infra/images/cut-out.ts /app src/main.ts src/migrate.ts src/rotate-secret.ts src/setup-code.ts migrations npm:pino-pretty
WORKDIR /data

# Only these two files go in, so a change in the sources that asks for no other package installs nothing again.
FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY --from=cut /app/package.json /app/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY infra/images/prune.ts /prune.ts
RUN node /prune.ts node_modules

# What sends traces; loaded only where OTEL_EXPORTER_OTLP_ENDPOINT is set.
FROM ${NODE_IMAGE} AS tracing
WORKDIR /app
COPY tracing/package.json tracing/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY infra/images/prune.ts /prune.ts
RUN node /prune.ts node_modules
COPY tracing/otlp.ts ./

FROM ${NODE_IMAGE}
# The API runs no other program; what could install one goes.
RUN rm -rf /usr/local/lib/node_modules /usr/local/include /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
    /usr/local/bin/yarn /usr/local/bin/yarnpkg
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 METRICS_PORT=9464 SERVE_UI=off DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=cut /app ./
COPY --from=tracing /app tracing
COPY infra/images/healthy.ts infra/images/
# Files that people upload, unless they go to S3. A volume that is mounted here begins with this owner.
COPY --from=cut --chown=10001:10001 /data /data
# By number: Kubernetes can see then that it is not root.
USER 10001:10001
EXPOSE 8080 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "infra/images/healthy.ts"]
CMD ["node", "src/main.ts"]
# Last, because they change with every build and would make all above anew.
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="All is Whale: API" \
      org.opencontainers.image.description="REST and event stream of All is Whale" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
