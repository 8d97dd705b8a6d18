import { enumeration, message, type Message, type Method } from '#grpc'

/** The messages of CRI v1 (runtime.v1), by the field names of our records. */

const empty: Message = message({})
const namespaceMode = enumeration('pod', 'container', 'node', 'target')
const idMapping = message({ hostId: [1, 'int'], containerId: [2, 'int'], length: [3, 'int'] })
const userNamespace = message({
  mode: [1, namespaceMode],
  uids: [2, idMapping, 'repeated'],
  gids: [3, idMapping, 'repeated'],
})
const namespaceOption = message({
  network: [1, namespaceMode],
  pid: [2, namespaceMode],
  ipc: [3, namespaceMode],
  targetId: [4, 'string'],
  usernsOptions: [5, userNamespace],
})
const groupsPolicy = enumeration('Merge', 'Strict')
const securityProfile = message({
  profileType: [1, enumeration('RuntimeDefault', 'Unconfined', 'Localhost')],
  localhostRef: [2, 'string'],
})
const selinuxOption = message({ user: [1, 'string'], role: [2, 'string'], type: [3, 'string'], level: [4, 'string'] })

const sandboxSecurityContext = message({
  namespaceOptions: [1, namespaceOption],
  selinuxOptions: [2, selinuxOption],
  runAsUser: [3, 'wrapped'],
  readonlyRootfs: [4, 'bool'],
  supplementalGroups: [5, 'int', 'repeated'],
  privileged: [6, 'bool'],
  runAsGroup: [8, 'wrapped'],
  seccomp: [9, securityProfile],
  supplementalGroupsPolicy: [11, groupsPolicy],
})

const hugepageLimit = message({ pageSize: [1, 'string'], limit: [2, 'int'] })
const containerResources = message({
  cpuPeriod: [1, 'int'],
  cpuQuota: [2, 'int'],
  cpuShares: [3, 'int'],
  memoryLimitInBytes: [4, 'int'],
  oomScoreAdj: [5, 'int'],
  cpusetCpus: [6, 'string'],
  cpusetMems: [7, 'string'],
  hugepageLimits: [8, hugepageLimit, 'repeated'],
  unified: [9, 'map'],
  memorySwapLimitInBytes: [10, 'int'],
})

const metadata = message({ name: [1, 'string'], uid: [2, 'string'], namespace: [3, 'string'], attempt: [4, 'int'] })
const dnsConfig = message({
  servers: [1, 'string', 'repeated'],
  searches: [2, 'string', 'repeated'],
  options: [3, 'string', 'repeated'],
})
const portMapping = message({
  protocol: [1, enumeration('TCP', 'UDP', 'SCTP')],
  containerPort: [2, 'int'],
  hostPort: [3, 'int'],
  hostIp: [4, 'string'],
})
const linuxSandbox = message({
  cgroupParent: [1, 'string'],
  securityContext: [2, sandboxSecurityContext],
  sysctls: [3, 'map'],
  overhead: [4, containerResources],
  resources: [5, containerResources],
})
const sandboxConfig = message({
  metadata: [1, metadata],
  hostname: [2, 'string'],
  logDirectory: [3, 'string'],
  dnsConfig: [4, dnsConfig],
  portMappings: [5, portMapping, 'repeated'],
  labels: [6, 'map'],
  annotations: [7, 'map'],
  linux: [8, linuxSandbox],
})

const sandboxState = enumeration('ready', 'notready')
const sandboxRows = {
  id: [1, 'string'],
  metadata: [2, metadata],
  state: [3, sandboxState],
  createdAt: [4, 'nanos'],
} as const
const podIp = message({ ip: [1, 'string'] })
const sandboxStatus = message({
  ...sandboxRows,
  network: [5, message({ ip: [1, 'string'], additionalIps: [2, podIp, 'repeated'] })],
  linux: [6, message({ namespaces: [1, message({ options: [2, namespaceOption] })] })],
  labels: [7, 'map'],
  annotations: [8, 'map'],
  runtimeHandler: [9, 'string'],
})
const sandbox = message({ ...sandboxRows, labels: [5, 'map'], annotations: [6, 'map'], runtimeHandler: [7, 'string'] })
const sandboxFilter = message({
  id: [1, 'string'],
  state: [2, message({ state: [1, sandboxState] })],
  labelSelector: [3, 'map'],
})

const imageSpec = message({
  image: [1, 'string'],
  annotations: [2, 'map'],
  userSpecifiedImage: [18, 'string'],
  runtimeHandler: [19, 'string'],
  imageRef: [20, 'string'],
})
const mount = message({
  containerPath: [1, 'string'],
  hostPath: [2, 'string'],
  readonly: [3, 'bool'],
  selinuxRelabel: [4, 'bool'],
  propagation: [5, enumeration('private', 'hostToContainer', 'bidirectional')],
  uidMappings: [6, idMapping, 'repeated'],
  gidMappings: [7, idMapping, 'repeated'],
  recursiveReadOnly: [8, 'bool'],
  image: [9, imageSpec],
  imageSubPath: [10, 'string'],
})
const capability = message({
  addCapabilities: [1, 'string', 'repeated'],
  dropCapabilities: [2, 'string', 'repeated'],
})
const containerSecurityContext = message({
  capabilities: [1, capability],
  privileged: [2, 'bool'],
  namespaceOptions: [3, namespaceOption],
  selinuxOptions: [4, selinuxOption],
  runAsUser: [5, 'wrapped'],
  runAsUsername: [6, 'string'],
  readonlyRootfs: [7, 'bool'],
  supplementalGroups: [8, 'int', 'repeated'],
  apparmorProfile: [9, 'string'],
  noNewPrivs: [11, 'bool'],
  runAsGroup: [12, 'wrapped'],
  maskedPaths: [13, 'string', 'repeated'],
  readonlyPaths: [14, 'string', 'repeated'],
  seccomp: [15, securityProfile],
  apparmor: [16, securityProfile],
  supplementalGroupsPolicy: [17, groupsPolicy],
})
const containerMetadata = message({ name: [1, 'string'], attempt: [2, 'int'] })
const containerConfig = message({
  metadata: [1, containerMetadata],
  image: [2, imageSpec],
  command: [3, 'string', 'repeated'],
  args: [4, 'string', 'repeated'],
  workingDir: [5, 'string'],
  envs: [6, message({ key: [1, 'string'], value: [2, 'string'] }), 'repeated'],
  mounts: [7, mount, 'repeated'],
  devices: [
    8,
    message({ containerPath: [1, 'string'], hostPath: [2, 'string'], permissions: [3, 'string'] }),
    'repeated',
  ],
  labels: [9, 'map'],
  annotations: [10, 'map'],
  logPath: [11, 'string'],
  stdin: [12, 'bool'],
  stdinOnce: [13, 'bool'],
  tty: [14, 'bool'],
  linux: [15, message({ resources: [1, containerResources], securityContext: [2, containerSecurityContext] })],
  cdiDevices: [17, message({ name: [1, 'string'] }), 'repeated'],
})

const containerState = enumeration('created', 'running', 'exited', 'unknown')
const container = message({
  id: [1, 'string'],
  podSandboxId: [2, 'string'],
  metadata: [3, containerMetadata],
  image: [4, imageSpec],
  imageRef: [5, 'string'],
  state: [6, containerState],
  createdAt: [7, 'nanos'],
  labels: [8, 'map'],
  annotations: [9, 'map'],
})
const containerStatus = message({
  id: [1, 'string'],
  metadata: [2, containerMetadata],
  state: [3, containerState],
  createdAt: [4, 'nanos'],
  startedAt: [5, 'nanos'],
  finishedAt: [6, 'nanos'],
  exitCode: [7, 'int'],
  image: [8, imageSpec],
  imageRef: [9, 'string'],
  reason: [10, 'string'],
  message: [11, 'string'],
  labels: [12, 'map'],
  annotations: [13, 'map'],
  mounts: [14, mount, 'repeated'],
  logPath: [15, 'string'],
  resources: [16, message({ linux: [1, containerResources] })],
  imageId: [17, 'string'],
  user: [
    18,
    message({ linux: [1, message({ uid: [1, 'int'], gid: [2, 'int'], supplementalGroups: [3, 'int', 'repeated'] })] }),
  ],
})
const containerFilter = message({
  id: [1, 'string'],
  state: [2, message({ state: [1, containerState] })],
  podSandboxId: [3, 'string'],
  labelSelector: [4, 'map'],
})

const image = message({
  id: [1, 'string'],
  repoTags: [2, 'string', 'repeated'],
  repoDigests: [3, 'string', 'repeated'],
  size: [4, 'int'],
  uid: [5, 'wrapped'],
  username: [6, 'string'],
  pinned: [8, 'bool'],
})
const authConfig = message({
  username: [1, 'string'],
  password: [2, 'string'],
  auth: [3, 'string'],
  serverAddress: [4, 'string'],
  identityToken: [5, 'string'],
  registryToken: [6, 'string'],
})
const filesystemUsage = message({
  timestamp: [1, 'nanos'],
  filesystem: [2, message({ mountpoint: [1, 'string'] })],
  usedBytes: [3, 'wrapped'],
  inodesUsed: [4, 'wrapped'],
})
const containerStats = message({
  attributes: [1, message({ id: [1, 'string'], metadata: [2, containerMetadata], labels: [3, 'map'] })],
  writableLayer: [4, filesystemUsage],
})
const runtimeCondition = message({
  type: [1, 'string'],
  status: [2, 'bool'],
  reason: [3, 'string'],
  message: [4, 'string'],
})
const runtimeHandler = message({
  name: [1, 'string'],
  features: [2, message({ recursiveReadOnlyMounts: [1, 'bool'], userNamespaces: [2, 'bool'] })],
})
const attachRows = {
  containerId: [1, 'string'],
  stdin: [2, 'bool'],
  tty: [3, 'bool'],
  stdout: [4, 'bool'],
  stderr: [5, 'bool'],
} as const

/** A method: what goes in and what comes out. */
const method = (service: 'Runtime' | 'Image', name: string, request: Message, response: Message): Method => ({
  path: `/runtime.v1.${service}Service/${name}`,
  request,
  response,
})

const url = message({ url: [1, 'string'] })
const sandboxId = message({ podSandboxId: [1, 'string'] })
const containerId = message({ containerId: [1, 'string'] })

type MethodName =
  | 'version'
  | 'status'
  | 'runtimeConfig'
  | 'runPodSandbox'
  | 'stopPodSandbox'
  | 'removePodSandbox'
  | 'podSandboxStatus'
  | 'listPodSandbox'
  | 'createContainer'
  | 'startContainer'
  | 'stopContainer'
  | 'removeContainer'
  | 'listContainers'
  | 'containerStatus'
  | 'updateContainerResources'
  | 'reopenContainerLog'
  | 'checkpointContainer'
  | 'execSync'
  | 'exec'
  | 'attach'
  | 'portForward'
  | 'listContainerStats'
  | 'getContainerEvents'
  | 'listImages'
  | 'imageStatus'
  | 'pullImage'
  | 'removeImage'
  | 'imageFsInfo'

export const methods: { readonly [name in MethodName]: Method } = {
  version: method(
    'Runtime',
    'Version',
    message({ version: [1, 'string'] }),
    message({
      version: [1, 'string'],
      runtimeName: [2, 'string'],
      runtimeVersion: [3, 'string'],
      runtimeApiVersion: [4, 'string'],
    }),
  ),
  status: method(
    'Runtime',
    'Status',
    message({ verbose: [1, 'bool'] }),
    message({
      status: [1, message({ conditions: [1, runtimeCondition, 'repeated'] })],
      runtimeHandlers: [3, runtimeHandler, 'repeated'],
      features: [4, message({ supplementalGroupsPolicy: [1, 'bool'] })],
    }),
  ),
  runtimeConfig: method(
    'Runtime',
    'RuntimeConfig',
    empty,
    message({ linux: [1, message({ cgroupDriver: [1, 'int'] })] }),
  ),
  runPodSandbox: method(
    'Runtime',
    'RunPodSandbox',
    message({ config: [1, sandboxConfig], runtimeHandler: [2, 'string'] }),
    sandboxId,
  ),
  stopPodSandbox: method('Runtime', 'StopPodSandbox', sandboxId, empty),
  removePodSandbox: method('Runtime', 'RemovePodSandbox', sandboxId, empty),
  podSandboxStatus: method('Runtime', 'PodSandboxStatus', sandboxId, message({ status: [1, sandboxStatus] })),
  listPodSandbox: method(
    'Runtime',
    'ListPodSandbox',
    message({ filter: [1, sandboxFilter] }),
    message({ items: [1, sandbox, 'repeated'] }),
  ),
  createContainer: method(
    'Runtime',
    'CreateContainer',
    message({ podSandboxId: [1, 'string'], config: [2, containerConfig], sandboxConfig: [3, sandboxConfig] }),
    containerId,
  ),
  startContainer: method('Runtime', 'StartContainer', containerId, empty),
  stopContainer: method(
    'Runtime',
    'StopContainer',
    message({ containerId: [1, 'string'], timeout: [2, 'int'] }),
    empty,
  ),
  removeContainer: method('Runtime', 'RemoveContainer', containerId, empty),
  listContainers: method(
    'Runtime',
    'ListContainers',
    message({ filter: [1, containerFilter] }),
    message({ containers: [1, container, 'repeated'] }),
  ),
  containerStatus: method('Runtime', 'ContainerStatus', containerId, message({ status: [1, containerStatus] })),
  updateContainerResources: method(
    'Runtime',
    'UpdateContainerResources',
    message({ containerId: [1, 'string'], linux: [2, containerResources] }),
    empty,
  ),
  reopenContainerLog: method('Runtime', 'ReopenContainerLog', containerId, empty),
  checkpointContainer: method(
    'Runtime',
    'CheckpointContainer',
    message({ containerId: [1, 'string'], location: [2, 'string'], timeout: [3, 'int'] }),
    empty,
  ),
  execSync: method(
    'Runtime',
    'ExecSync',
    message({ containerId: [1, 'string'], command: [2, 'string', 'repeated'], timeout: [3, 'int'] }),
    message({ stdout: [1, 'bytes'], stderr: [2, 'bytes'], exitCode: [3, 'int'] }),
  ),
  exec: method(
    'Runtime',
    'Exec',
    message({
      containerId: [1, 'string'],
      command: [2, 'string', 'repeated'],
      tty: [3, 'bool'],
      stdin: [4, 'bool'],
      stdout: [5, 'bool'],
      stderr: [6, 'bool'],
    }),
    url,
  ),
  attach: method('Runtime', 'Attach', message(attachRows), url),
  portForward: method(
    'Runtime',
    'PortForward',
    message({ podSandboxId: [1, 'string'], port: [2, 'int', 'repeated'] }),
    url,
  ),
  listContainerStats: method(
    'Runtime',
    'ListContainerStats',
    message({ filter: [1, message({ id: [1, 'string'], podSandboxId: [2, 'string'] })] }),
    message({ stats: [1, containerStats, 'repeated'] }),
  ),
  getContainerEvents: method(
    'Runtime',
    'GetContainerEvents',
    empty,
    message({
      containerId: [1, 'string'],
      type: [2, enumeration('created', 'started', 'stopped', 'deleted')],
      createdAt: [3, 'nanos'],
    }),
  ),
  listImages: method('Image', 'ListImages', empty, message({ images: [1, image, 'repeated'] })),
  imageStatus: method('Image', 'ImageStatus', message({ image: [1, imageSpec] }), message({ image: [1, image] })),
  pullImage: method(
    'Image',
    'PullImage',
    message({ image: [1, imageSpec], auth: [2, authConfig] }),
    message({ imageRef: [1, 'string'] }),
  ),
  removeImage: method('Image', 'RemoveImage', message({ image: [1, imageSpec] }), empty),
  imageFsInfo: method(
    'Image',
    'ImageFsInfo',
    empty,
    message({
      imageFilesystems: [1, filesystemUsage, 'repeated'],
      containerFilesystems: [2, filesystemUsage, 'repeated'],
    }),
  ),
}
