# The nightly container: built with everything, shipped with one bundle on a Node without a shell.
FROM node:24-trixie-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# No install scripts: the image's own Node is used, so the checkout's isn't needed.
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build

FROM gcr.io/distroless/nodejs24-debian13:nonroot
WORKDIR /app
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /build/bin ./bin
COPY --from=build /build/dist ./dist
COPY --from=build /build/jobs ./jobs
COPY --from=build /build/samples ./samples
# The young generation is kept small so that a 256 MB container runs a manifest of any length.
ENV NODE_ENV=production \
    NODE_OPTIONS="--max-semi-space-size=4 --max-old-space-size=160" \
    NODE_COMPILE_CACHE=/tmp/leavers-cache
USER nonroot
WORKDIR /data
STOPSIGNAL SIGTERM
# Exec form: signals reach the program itself, and no shell is needed.
ENTRYPOINT ["/nodejs/bin/node", "/app/bin/leavers.cjs"]
CMD ["--help"]
