import type { Container, Pod, VolumeMount } from '#api/core/v1'
import { specOf, uidOf } from '../pods/containers.ts'
import type { ImageSpec } from '../runtime/images.ts'
import type { EnvironmentVariable, Mount } from '../runtime/records.ts'
import type { PodFiles } from '../seams/pod-files.ts'
import { SubPathNotMadeError, type VolumeFiles } from '../seams/volume-files.ts'
import type { MountedVolume } from '../volumes/plugin.ts'
import { expand } from './expansion.ts'

export interface MountInput {
  readonly pod: Pod
  readonly container: Container
  readonly mounted: ReadonlyMap<string, MountedVolume>
  readonly variables: readonly EnvironmentVariable[]
  /** Images of image volumes, by volume. */
  readonly images: ReadonlyMap<string, ImageSpec>
  /** Path of the pod's /etc/hosts on the node; absent where the container keeps its image's. */
  readonly hostsFile: string | undefined
  readonly recursiveReadOnly: boolean
  readonly files: PodFiles
  readonly volumeFiles: VolumeFiles
}

const hostsPath = '/etc/hosts'

const propagations: { readonly [mode: string]: NonNullable<Mount['propagation']> } = {
  None: 'private',
  HostToContainer: 'hostToContainer',
  Bidirectional: 'bidirectional',
}

/** What is mounted into a container. @throws Error with the message users see. */
export async function mountsOf(input: MountInput): Promise<Mount[]> {
  const { container, pod, files } = input
  const mounts: Mount[] = []
  for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
    mounts.push(await volumeMount(input, mount, index))
  }
  const keepsHosts = container.volumeMounts?.some(({ mountPath }) => mountPath === hostsPath) ?? false
  if (input.hostsFile !== undefined && !keepsHosts) {
    mounts.push({ containerPath: hostsPath, hostPath: input.hostsFile, selinuxRelabel: true })
  }
  const messagePath = container.terminationMessagePath ?? ''
  if (messagePath !== '') {
    const hostPath = await files.makeTerminationLog(uidOf(pod), container.name)
    mounts.push({ containerPath: absolute(messagePath), hostPath, selinuxRelabel: true })
  }
  return mounts
}

const absolute = (path: string): string => (path.startsWith('/') ? path : `/${path}`)

async function volumeMount(input: MountInput, mount: VolumeMount, index: number): Promise<Mount> {
  const { container, mounted, pod } = input
  const volume = mounted.get(mount.name)
  if (!volume) {
    const name = JSON.stringify(mount.name)
    throw new Error(`cannot find volume ${name} to mount into container ${JSON.stringify(container.name)}`)
  }
  const subPath = subPathOf(mount, input.variables)
  const readonly = (mount.readOnly ?? false) || (volume.readOnly && !isImage(pod, mount.name))
  const shared: Mount = {
    containerPath: absolute(mount.mountPath),
    readonly,
    recursiveReadOnly: recursively(mount, input.recursiveReadOnly),
    propagation: propagations[mount.mountPropagation ?? 'None'] ?? 'private',
    selinuxRelabel: volume.selinuxRelabel,
  }
  const image = input.images.get(mount.name)
  if (image) return { ...shared, readonly: true, image, ...(subPath === '' ? {} : { imageSubPath: subPath }) }
  const { path = '' } = volume
  if (subPath === '') return { ...shared, hostPath: path }
  return { ...shared, hostPath: await subPathMount(input, mount, index, path, subPath) }
}

function isImage(pod: Pod, volumeName: string): boolean {
  return specOf(pod).volumes?.some(({ name, image }) => name === volumeName && image !== undefined) ?? false
}

async function subPathMount(
  { pod, container, files, volumeFiles }: MountInput,
  mount: VolumeMount,
  index: number,
  volumePath: string,
  subPath: string,
): Promise<string> {
  try {
    return await volumeFiles.subPath({
      podFolder: files.podFolder(uidOf(pod)),
      volumeName: mount.name,
      containerName: container.name,
      index,
      volumePath,
      subPath,
    })
  } catch (error) {
    const names = `${JSON.stringify(mount.name)} of container ${JSON.stringify(container.name)}`
    const step = error instanceof SubPathNotMadeError ? 'create subPath directory' : 'prepare subPath'
    throw new Error(`failed to ${step} for volumeMount ${names}`, { cause: error })
  }
}

function subPathOf(mount: VolumeMount, variables: readonly EnvironmentVariable[]): string {
  const path = mount.subPathExpr === undefined ? (mount.subPath ?? '') : expandedPath(mount.subPathExpr, variables)
  if (path.startsWith('/')) throw new Error(`error SubPath \`${path}\` must not be an absolute path`)
  if (path.split('/').includes('..')) throw new Error(`unable to provision SubPath \`${path}\`: must not contain '..'`)
  return path
}

function expandedPath(expression: string, variables: readonly EnvironmentVariable[]): string {
  const values = new Map(variables.map(({ key, value }) => [key, value]))
  const missing = new Set<string>()
  const path = expand(expression, (name) => {
    const value = values.get(name) ?? ''
    if (value === '') missing.add(name)
    return value
  })
  if (missing.size > 0) throw new Error(`missing value for ${[...missing].sort().join(', ')}`)
  return path
}

/** Whether a read-only mount is read-only to its depth. */
function recursively(mount: VolumeMount, canRecurse: boolean): boolean {
  const mode = mount.recursiveReadOnly ?? 'Disabled'
  if (mode === 'Disabled') return false
  const what = `failed to resolve recursive read-only mode: volume ${JSON.stringify(mount.name)}`
  const requested = `${what} requested recursive read-only mode, but it is not`
  if (!mount.readOnly) throw new Error(`${requested} read-only`)
  if (mount.mountPropagation !== undefined && mount.mountPropagation !== 'None') {
    throw new Error(`${requested} compatible with propagation ${JSON.stringify(mount.mountPropagation)}`)
  }
  if (mode === 'IfPossible') return canRecurse
  if (!canRecurse) throw new Error(`${requested} supported by the runtime`)
  return true
}
