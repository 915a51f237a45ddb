# `docker buildx bake`: the image as it is released, on base images that are pinned by the digests of their multi-platform indexes.
# docs/deploy/containers.md says how to check the digests; renovate.json keeps them up to date.
variable "TAG" {
  default = "registry.example.com/leavers:0.1.0"
}

variable "REVISION" {
  default = "unknown"
}

target "default" {
  platforms = ["linux/amd64", "linux/arm64"]
  tags      = [TAG]
  args = {
    BUILD_IMAGE = "node:24-trixie-slim@sha256:173f125896c3b47ddf056734c7ea789d04595a6a08769a8f78e0df642781fb66"
    RUN_IMAGE   = "gcr.io/distroless/nodejs24-debian13:nonroot@sha256:9eeb7f5887d0e239e78264b06f7f11d2e14be534050481803a9e4728fcdd278e"
    REVISION    = REVISION
  }
}
