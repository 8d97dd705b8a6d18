import type { Container, Pod } from '#api/core/v1'
import { hostNetworkHostsFile, podHostsFile } from '../sandbox/hosts-file.ts'
import { podHostname } from '../sandbox/hostname.ts'
import { podLogFolder } from '../sandbox/config.ts'
import { isHostNetwork, specOf, uidOf } from '../pods/containers.ts'
import type { ImageSpec, RuntimeImage } from '../runtime/images.ts'
import type { ContainerConfig, Mount, NamespaceOptions, PodSandboxConfig } from '../runtime/records.ts'
import type { NodeServices } from '../services.ts'
import { environmentOf } from './environment.ts'
import { expand } from './expansion.ts'
import { containerAnnotations, containerLabels } from './labels.ts'
import { mountsOf } from './mounts.ts'
import { containerResources } from './resources.ts'
import { containerSecurity, namespacesOf, verifyRunAsNonRoot } from './security.ts'

export interface ConfigInput {
  readonly pod: Pod
  readonly container: Container
  readonly image: RuntimeImage
  readonly imageRef: string
  readonly restartCount: number
  readonly podIPs: readonly string[]
  /** Container whose processes an ephemeral container wants to see. */
  readonly targetId?: string | undefined
  readonly runtimeHandler: string
  readonly volumeImages: ReadonlyMap<string, ImageSpec>
  readonly sandboxConfig: PodSandboxConfig
}

/** The container that a pod asks for. @throws Error with the message users see. */
export async function containerConfig(services: NodeServices, input: ConfigInput): Promise<ContainerConfig> {
  const { pod, container, image, restartCount, targetId } = input
  const { files, volumes, logFolders } = services
  const uid = uidOf(pod)
  const mounted = volumes.mounted(uid)
  const envs = await environmentOf({
    pod,
    container,
    addresses: { podIPs: input.podIPs, hostIPs: services.hostIPs() },
    allocatable: services.allocatable(),
    objects: services.objects,
    services: services.serviceList(),
    fileVariable: async (volume, path, key) => {
      const folder = mounted.get(volume)?.path
      if (folder === undefined)
        throw new Error(`cannot find the volume ${JSON.stringify(volume)} referenced by FileKeyRef`)
      const value = await files.readVariable(folder, path, key)
      return { value, file: `${folder}/${path}` }
    },
  })
  const user = {
    ...(image.uid === undefined ? {} : { uid: image.uid }),
    ...(image.username === undefined ? {} : { username: image.username }),
  }
  const imageUser = image.uid === undefined && image.username === undefined ? { uid: 0 } : user
  verifyRunAsNonRoot(pod, container, imageUser)
  const userNamespace = input.sandboxConfig.linux.securityContext.namespaceOptions?.usernsOptions
  const namespaces = targeting(namespacesOf(pod, userNamespace), targetId)
  const mounts = await mountsOf({
    pod,
    container,
    mounted,
    variables: envs,
    images: input.volumeImages,
    hostsFile: await hostsFileOf(services, input),
    recursiveReadOnly: services.mountsReadOnlyRecursively(input.runtimeHandler),
    files,
    volumeFiles: services.volumeFiles,
  })
  const devices = await services.managers.devices.optionsFor(pod, container)
  const cdiDevices = [...services.managers.dra.cdiDevices(pod, container), ...devices.cdiDevices]
  await files.makeLogFolder(`${podLogFolder(logFolders.pods, pod)}/${container.name}`)
  const allEnvs = [...devices.envs, ...envs]
  const values = new Map(allEnvs.map(({ key, value }) => [key, value]))
  const expanded = (texts: readonly string[] = []): string[] =>
    texts.map((text) => expand(text, (name) => values.get(name)))
  return {
    metadata: { name: container.name, attempt: restartCount },
    image: { image: input.imageRef, userSpecifiedImage: container.image ?? '' },
    command: expanded(container.command),
    args: expanded(container.args),
    ...(container.workingDir === undefined ? {} : { workingDir: container.workingDir }),
    envs: allEnvs,
    mounts: [...devices.mounts, ...mounts].map((mount) => shifted(mount, userNamespace)),
    ...(devices.devices.length > 0 ? { devices: devices.devices } : {}),
    ...(cdiDevices.length > 0 ? { cdiDevices } : {}),
    labels: containerLabels(pod, container),
    annotations: { ...devices.annotations, ...containerAnnotations(pod, container, restartCount) },
    logPath: `${container.name}/${restartCount}.log`,
    stdin: container.stdin ?? false,
    stdinOnce: container.stdinOnce ?? false,
    tty: container.tty ?? false,
    linux: {
      resources: {
        ...containerResources(pod, container, services.resources()),
        ...services.managers.placeOf(uid, container.name),
      },
      securityContext: containerSecurity(pod, container, imageUser, namespaces, services.security),
    },
  }
}

/** Files of a pod with users of its own show these users' ids. */
function shifted(mount: Mount, userNamespace: NamespaceOptions['usernsOptions']): Mount {
  const { uids, gids } = userNamespace ?? {}
  return uids && gids ? { ...mount, uidMappings: uids, gidMappings: gids } : mount
}

function targeting(namespaces: NamespaceOptions, targetId: string | undefined): NamespaceOptions {
  if (targetId === undefined || namespaces.pid !== 'container') return namespaces
  return { ...namespaces, pid: 'target', targetId }
}

/** Path of the pod's /etc/hosts; `undefined` while it has no address. */
async function hostsFileOf(services: NodeServices, { pod, podIPs }: ConfigInput): Promise<string | undefined> {
  const { files, clusterDomain } = services
  const aliases = specOf(pod).hostAliases ?? []
  if (isHostNetwork(pod)) {
    return files.writeHostsFile(uidOf(pod), hostNetworkHostsFile(await files.readNodeHosts(), aliases))
  }
  if (podIPs.length === 0) return undefined
  return files.writeHostsFile(uidOf(pod), podHostsFile(podIPs, podHostname(pod, clusterDomain), aliases))
}
