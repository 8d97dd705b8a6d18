import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContainerConfig, ContainerRuntime, Mount } from '#kubelet'
import { isMountPoint, run } from '../files/mounts.ts'
import { prepareSubPath } from '../volumes/sub-path.ts'

export interface ImageMountsOptions {
  /** Where containerd listens: a path. */
  readonly socket: string
  readonly podFolder: (uid: string) => string
}

/**
 * A containerd that mounts images into containers by itself, which those before 2.1 can't: they are given a folder on
 * which the image is mounted. It lies with the pod's volumes and goes with them.
 */
export function withImageMounts(runtime: ContainerRuntime, options: ImageMountsOptions): ContainerRuntime {
  let needed: Promise<boolean> | undefined
  const isNeeded = (): Promise<boolean> => {
    needed ??= runtime.version().then(
      ({ runtimeName, runtimeVersion }) => runtimeName === 'containerd' && isBefore(runtimeVersion, 2, 1),
      (error: unknown) => {
        needed = undefined
        throw error
      },
    )
    return needed
  }
  return {
    ...runtime,
    async createContainer(sandboxId, config, sandboxConfig) {
      const { mounts } = config
      if (!mounts.some(({ image }) => image) || !(await isNeeded())) {
        return runtime.createContainer(sandboxId, config, sandboxConfig)
      }
      const podFolder = options.podFolder(sandboxConfig.metadata.uid)
      const own: Mount[] = []
      for (const [index, mount] of mounts.entries()) {
        const { image, imageSubPath = '', ...rest } = mount
        if (image) own.push({ ...rest, hostPath: await onFolder(image.image, imageSubPath, index, config, podFolder) })
        else own.push(mount)
      }
      return runtime.createContainer(sandboxId, { ...config, mounts: own }, sandboxConfig)
    },
  }

  async function onFolder(
    image: string,
    imageSubPath: string,
    index: number,
    { metadata }: ContainerConfig,
    podFolder: string,
  ): Promise<string> {
    const volumeName = createHash('sha256').update(image).digest('hex').slice(0, 16)
    const folder = join(podFolder, 'volumes', 'kubernetes.io~image', volumeName)
    if (!(await isMountPoint(folder))) await mountImage(image, folder)
    if (imageSubPath === '') return folder
    const containerName = metadata.name
    const subPath = { podFolder, volumeName, containerName, index, volumePath: folder, subPath: imageSubPath }
    return prepareSubPath(subPath)
  }

  /** How containerd keeps layers, which it tells by where it keeps them. */
  async function snapshotter(): Promise<string> {
    const [images] = await runtime.images.filesystems()
    return /io\.containerd\.snapshotter\.v1\.([a-z]+)/.exec(images?.mountpoint ?? '')?.[1] ?? 'overlayfs'
  }

  async function mountImage(image: string, folder: string): Promise<void> {
    const ctr = (...words: readonly string[]): Promise<void> =>
      run('ctr', ['--address', options.socket, '-n', 'k8s.io', ...words])
    await mkdir(folder, { recursive: true, mode: 0o755 })
    await ctr('images', 'mount', '--snapshotter', await snapshotter(), image, folder)
    // What is mounted are the layers, which the image keeps; the view of them that was made on the way may go.
    await ctr('leases', 'delete', folder)
  }
}

function isBefore(version: string, major: number, minor: number): boolean {
  const [, ours = '0', theirs = '0'] = /^v?(\d+)\.(\d+)/.exec(version) ?? []
  return Number(ours) < major || (Number(ours) === major && Number(theirs) < minor)
}
