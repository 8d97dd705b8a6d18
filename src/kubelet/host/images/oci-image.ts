import { createHash } from 'node:crypto'
import type { Architecture } from './pause.ts'
import { tar, type TarEntry } from './tar.ts'

export interface ImageConfig {
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  /** `NAME=value`. */
  readonly environment?: readonly string[]
  readonly user?: string
  readonly workingDir?: string
  /** `80/tcp`. */
  readonly exposedPorts?: readonly string[]
  readonly labels?: { readonly [key: string]: string }
  readonly stopSignal?: string
}

export interface ImageContent {
  /** Full names with tag: `docker.io/library/nginx:1.20.1`. */
  readonly names: readonly string[]
  readonly architecture: Architecture
  readonly config: ImageConfig
  /** Uncompressed layer archives, the lowest first. */
  readonly layers: readonly Uint8Array[]
}

const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
} as const

/** An image as an archive in OCI layout, which `ctr images import` and other tools read. */
export function ociArchive(image: ImageContent): Buffer {
  const blobs = new Map<string, TarEntry>()
  const add = (
    mediaType: string,
    content: Uint8Array,
  ): { readonly mediaType: string; readonly digest: string; readonly size: number } => {
    const hash = createHash('sha256').update(content).digest('hex')
    blobs.set(hash, { name: `blobs/sha256/${hash}`, content })
    return { mediaType, digest: `sha256:${hash}`, size: content.length }
  }
  const layers = image.layers.map((layer) => add(mediaTypes.layer, layer))
  const config = add(mediaTypes.config, json(configOf(image, layers)))
  const manifest = add(mediaTypes.manifest, json({ schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers }))
  const index = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: image.names.map((name) => ({
      ...manifest,
      platform: { os: 'linux', architecture: image.architecture },
      annotations: {
        'io.containerd.image.name': name,
        'org.opencontainers.image.ref.name': name.slice(name.lastIndexOf(':') + 1),
      },
    })),
  }
  return tar([
    { name: 'oci-layout', content: json({ imageLayoutVersion: '1.0.0' }) },
    { name: 'index.json', content: json(index) },
    ...blobs.values(),
  ])
}

function configOf(image: ImageContent, layers: readonly { readonly digest: string }[]): object {
  const { config } = image
  return {
    architecture: image.architecture,
    os: 'linux',
    created: '1970-01-01T00:00:00Z',
    config: {
      Entrypoint: config.entrypoint,
      Cmd: config.command,
      Env: config.environment ?? ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      User: config.user,
      WorkingDir: config.workingDir,
      ExposedPorts: config.exposedPorts && Object.fromEntries(config.exposedPorts.map((port) => [port, {}])),
      Labels: config.labels,
      StopSignal: config.stopSignal,
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => digest) },
    history: layers.map(() => ({ created: '1970-01-01T00:00:00Z' })),
  }
}

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))
