import type { ImageService } from './images.ts'
import type {
  AttachRequest,
  CgroupDriver,
  ContainerConfig,
  ContainerFilter,
  ContainerListing,
  ContainerResources,
  ContainerStats,
  ContainerStatus,
  ExecRequest,
  ExecResult,
  PodSandbox,
  PodSandboxConfig,
  PodSandboxFilter,
  PodSandboxStatus,
  RuntimeEvent,
  RuntimeStatus,
  RuntimeVersion,
} from './records.ts'

/**
 * What keeps containers: the CRI v1 runtime and image services as typed records. Times are milliseconds since 1970,
 * with fractions.
 *
 * Methods reject with a {@link RuntimeError}. Stopping and removing what is not there succeeds; asking for the status of
 * what is not there answers `undefined`.
 */
export interface ContainerRuntime {
  readonly images: ImageService
  version(): Promise<RuntimeVersion>
  status(): Promise<RuntimeStatus>
  /**
   * Who makes cgroups; `undefined` where it makes none of Linux.
   * @throws RuntimeError `Unimplemented` where the runtime can't tell.
   */
  cgroupDriver(): Promise<CgroupDriver | undefined>

  /** Creates and starts a sandbox with its network; resolves with its id. */
  runPodSandbox(config: PodSandboxConfig, runtimeHandler: string): Promise<string>
  /** Ends every process in the sandbox and gives back its network. */
  stopPodSandbox(id: string): Promise<void>
  removePodSandbox(id: string): Promise<void>
  podSandboxStatus(id: string): Promise<PodSandboxStatus | undefined>
  listPodSandboxes(filter?: PodSandboxFilter): Promise<readonly PodSandbox[]>

  createContainer(sandboxId: string, config: ContainerConfig, sandboxConfig: PodSandboxConfig): Promise<string>
  startContainer(id: string): Promise<void>
  /** Sends the stop signal, and kills after `timeoutSeconds` (0: at once). Resolves when the container has exited. */
  stopContainer(id: string, timeoutSeconds: number, signal?: AbortSignal): Promise<void>
  removeContainer(id: string): Promise<void>
  containerStatus(id: string): Promise<ContainerStatus | undefined>
  listContainers(filter?: ContainerFilter): Promise<readonly ContainerListing[]>
  updateContainerResources(id: string, resources: ContainerResources): Promise<void>
  /** Makes the runtime write to a new file at the log path, after the old one was moved away. */
  reopenContainerLog(id: string): Promise<void>
  /**
   * Writes the state of a running container to an archive; `timeoutSeconds` 0 waits as long as the runtime does by itself.
   * @throws RuntimeError `Unimplemented` where the runtime can't.
   */
  checkpointContainer(id: string, location: string, timeoutSeconds: number): Promise<void>
  listContainerStats(): Promise<readonly ContainerStats[]>

  /** Runs a command and waits for it; `timeoutSeconds` 0 waits forever. @throws RuntimeError `DeadlineExceeded`. */
  execSync(id: string, command: readonly string[], timeoutSeconds: number): Promise<ExecResult>
  /** These prepare a stream and resolve with the URL of the runtime's streaming server. */
  exec(request: ExecRequest): Promise<string>
  attach(request: AttachRequest): Promise<string>
  portForward(sandboxId: string, ports: readonly number[]): Promise<string>

  /**
   * What happens to containers, as it happens: hints that the status of the named one has changed, or is about to.
   * `undefined` when the runtime can't tell; the caller then lists.
   */
  events(signal: AbortSignal): AsyncIterable<RuntimeEvent> | undefined
}
