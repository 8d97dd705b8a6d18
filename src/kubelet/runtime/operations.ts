import type { Clock } from '#base'
import { exponentialBounds, HistogramFamily, NumberFamily, usualBounds } from '#machinery'
import type { ContainerRuntime } from './runtime.ts'

/** What operations are called in metrics. */
const names: { readonly [method: string]: string } = {
  version: 'version',
  status: 'status',
  cgroupDriver: 'runtime_config',
  runPodSandbox: 'run_podsandbox',
  stopPodSandbox: 'stop_podsandbox',
  removePodSandbox: 'remove_podsandbox',
  podSandboxStatus: 'podsandbox_status',
  listPodSandboxes: 'list_podsandbox',
  createContainer: 'create_container',
  startContainer: 'start_container',
  stopContainer: 'stop_container',
  removeContainer: 'remove_container',
  containerStatus: 'container_status',
  listContainers: 'list_containers',
  updateContainerResources: 'update_container',
  reopenContainerLog: 'reopen_container_log',
  checkpointContainer: 'checkpoint_container',
  listContainerStats: 'list_container_stats',
  execSync: 'exec_sync',
  exec: 'exec',
  attach: 'attach',
  portForward: 'port_forward',
}
const imageNames: { readonly [method: string]: string } = {
  list: 'list_images',
  status: 'image_status',
  pull: 'pull_image',
  remove: 'remove_image',
  filesystems: 'image_fs_info',
  containerFilesystems: 'image_fs_info',
}

const labels = ['operation_type']

/** Counts and times what is asked of a runtime, under the kubelet's names. */
export class RuntimeOperations {
  readonly #clock: Clock
  readonly #count = new NumberFamily(
    'counter',
    'kubelet_runtime_operations_total',
    '[ALPHA] Cumulative number of runtime operations by operation type.',
    labels,
  )
  readonly #errors = new NumberFamily(
    'counter',
    'kubelet_runtime_operations_errors_total',
    '[ALPHA] Cumulative number of runtime operation errors by operation type.',
    labels,
  )
  readonly #times = new HistogramFamily(
    'kubelet_runtime_operations_duration_seconds',
    '[ALPHA] Duration in seconds of runtime operations. Broken down by operation type.',
    exponentialBounds(0.005, 2.5, 14),
    labels,
  )

  readonly #sandboxErrors = new NumberFamily(
    'counter',
    'kubelet_run_podsandbox_errors_total',
    '[ALPHA] Cumulative number of the run_podsandbox operation errors by RuntimeClass.Handler.',
    ['runtime_handler'],
  )
  readonly #sandboxTimes = new HistogramFamily(
    'kubelet_run_podsandbox_duration_seconds',
    '[ALPHA] Duration in seconds of the run_podsandbox operations. Broken down by RuntimeClass.Handler.',
    usualBounds,
    ['runtime_handler'],
  )

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The same runtime, watched. */
  of(runtime: ContainerRuntime): ContainerRuntime {
    const images = this.#watch(runtime.images, imageNames)
    return this.#watch(runtime, names, {
      images,
      runPodSandbox: (config, handler) => this.#measureSandbox(handler, () => runtime.runPodSandbox(config, handler)),
    })
  }

  text(): string {
    const families = [this.#sandboxTimes, this.#sandboxErrors, this.#times, this.#errors, this.#count]
    return families.map((family) => family.text()).join('')
  }

  #watch<T extends object>(target: T, known: { readonly [method: string]: string }, instead: Partial<T> = {}): T {
    return new Proxy(target, {
      get: (_, property) => {
        const value: unknown = Reflect.get(property in instead ? instead : target, property)
        if (typeof value !== 'function') return value
        const name = known[String(property)]
        return (...words: unknown[]): unknown => {
          if (name === undefined) return Reflect.apply(value, target, words)
          return this.#measure(name, () => Reflect.apply(value, target, words) as Promise<unknown>)
        }
      },
    })
  }

  async #measureSandbox(handler: string, work: () => Promise<string>): Promise<string> {
    const began = this.#clock.monotonic()
    try {
      return await work()
    } catch (error) {
      this.#sandboxErrors.add(1, handler)
      throw error
    } finally {
      this.#sandboxTimes.observe((this.#clock.monotonic() - began) / 1000, handler)
    }
  }

  async #measure(name: string, work: () => Promise<unknown>): Promise<unknown> {
    const began = this.#clock.monotonic()
    this.#count.add(1, name)
    try {
      return await work()
    } catch (error) {
      this.#errors.add(1, name)
      throw error
    } finally {
      this.#times.observe((this.#clock.monotonic() - began) / 1000, name)
    }
  }
}
