# The nightly container: built with everything, shipped with one bundle on a Node without a shell.
# The bundle is the same on every platform, so it is built once, on the platform of the machine that builds.
# `docker buildx bake` pins both base images by digest (docker-bake.hcl). The tags here serve a build without a registry, from images at hand.
ARG BUILD_IMAGE=node:24-trixie-slim
ARG RUN_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot
FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# No install scripts: the image's own Node is used, so the checkout's isn't needed.
# A company's own certificate and registry settings come as secrets, which stay out of every layer (docs/deploy/containers.md).
RUN --mount=type=secret,id=ca --mount=type=secret,id=npmrc,target=/root/.npmrc \
    if [ -f /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; \
    npm ci --ignore-scripts
COPY . .
# Any user may read the files, whatever the permissions of the checkout are. The folder becomes /data.
RUN npm run build && chmod -R a+rX,go-w bin dist jobs samples package.json LICENSE && mkdir /data

FROM ${RUN_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="leavers" \
      org.opencontainers.image.description="Bulk offboarding for Atlassian Cloud organizations" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
WORKDIR /app
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /build/bin ./bin
COPY --from=build /build/dist ./dist
COPY --from=build /build/jobs ./jobs
COPY --from=build /build/samples ./samples
# Reports are kept here. A volume that is mounted over it must belong to the same user, or to the group of `fsGroup`.
COPY --chown=65532:65532 --from=build /data /data
# NODE_OPTIONS stays free for the operator: the limits of the heap are words of the entry point.
ENV NODE_ENV=production \
    NODE_COMPILE_CACHE=/tmp/leavers-cache
# As numbers: Kubernetes can't check `runAsNonRoot` against a name.
USER 65532:65532
WORKDIR /data
STOPSIGNAL SIGTERM
# Exec form: signals reach the program itself, and no shell is needed. With this heap a container of 256 MB runs a manifest of any length,
# because rows are kept in temporary files; if /tmp is in memory, they are kept beside the report, so that must be on disk.
ENTRYPOINT ["/nodejs/bin/node", "--max-semi-space-size=4", "--max-old-space-size=160", "/app/bin/leavers.cjs"]
CMD ["--help"]
