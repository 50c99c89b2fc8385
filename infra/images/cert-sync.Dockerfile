# cert-sync: docker build -f infra/images/cert-sync.Dockerfile --build-arg NODE_IMAGE=node:26-…@sha256:… .
# One run instead of the controller: docker run --entrypoint scripts/configure-tls-resources … --once --dry-run
ARG NODE_IMAGE

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY cert-sync/package.json cert-sync/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=npmrc,target=/root/.npmrc \
    npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY infra/images/prune.ts /prune.ts
RUN node /prune.ts node_modules

FROM ${NODE_IMAGE}
# It runs no other program; what could install one goes.
RUN rm -rf /usr/local/lib/node_modules /usr/local/include /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
    /usr/local/bin/yarn /usr/local/bin/yarnpkg
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY cert-sync/package.json ./
COPY cert-sync/src src
COPY cert-sync/scripts scripts
COPY infra/images/healthy.ts ./
# By number: Kubernetes can see then that it is not root.
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "healthy.ts", "/livez"]
CMD ["node", "src/main.ts"]
# Last, because they change with every build and would make all above anew.
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="All is Whale: cert-sync" \
      org.opencontainers.image.description="Carries certificates from Kubernetes Secrets to AWS Certificate Manager" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
