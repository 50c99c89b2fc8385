# The UI: docker build -f infra/images/ui.Dockerfile --build-arg NODE_IMAGE=node:26-…@sha256:… .
# Where the API is, the container is told when it starts (API_ORIGIN): one image for every environment.
ARG NODE_IMAGE

# Two things: what the UI is built from, and the server that sends it.
FROM ${NODE_IMAGE} AS cut
WORKDIR /checkout
COPY package.json package-lock.json tsconfig.json vite.config.ts ./
COPY infra/images/cut-out.ts infra/images/serve-ui.ts infra/images/
COPY src src
RUN node --disable-warning=ExperimentalWarning infra/images/cut-out.ts /build src tsconfig.json vite.config.ts 'npm:*'
RUN node --disable-warning=ExperimentalWarning infra/images/cut-out.ts /app infra/images/serve-ui.ts

FROM ${NODE_IMAGE} AS built
WORKDIR /build
COPY --from=cut /build/package.json /build/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY --from=cut /build ./
RUN node node_modules/vite/bin/vite.js build --logLevel warn
COPY infra/images/compress.ts /compress.ts
RUN node /compress.ts dist/ui

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY --from=cut /app/package.json /app/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY infra/images/prune.ts /prune.ts
RUN node /prune.ts node_modules

FROM ${NODE_IMAGE}
# The server runs no other program; what could install one goes.
RUN rm -rf /usr/local/lib/node_modules /usr/local/include /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
    /usr/local/bin/yarn /usr/local/bin/yarnpkg
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080 UI_DIR=/app/dist/ui
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=cut /app ./
COPY --from=built /build/dist/ui dist/ui
COPY infra/images/healthy.ts infra/images/
# By number: Kubernetes can see then that it is not root.
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 CMD ["node", "infra/images/healthy.ts"]
CMD ["node", "infra/images/serve-ui.ts"]
# Last, because they change with every build and would make all above anew.
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="All is Whale: UI" \
      org.opencontainers.image.description="The web UI of All is Whale, as static files" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
