import { exponentialBounds } from '#machinery'
import { counter, gauge, times } from './families.ts'

/** What monitors ask on the socket of pods' resources; `total` counts all of it. */
export type ResourceQuestion = 'list' | 'get' | 'get_allocatable'

/** What was aligned as a whole, and to which bounds of the machine. */
export type Alignment = readonly [scope: 'container' | 'pod', boundary: 'numa_node' | 'physical_cpu' | 'uncore_cache']

/** CPUs that nobody has to himself but could, and those that containers have, by NUMA node. */
export interface CpuDivision {
  readonly shared: number
  readonly exclusive: ReadonlyMap<number, number>
}

/** What is counted of those who give containers CPUs, memory and devices, and of who asks what they gave. */
export class ResourceMetrics {
  readonly #admissions = counter(
    'topology_manager_admission_requests_total',
    'The number of admission requests where resources have to be aligned.',
  )
  readonly #refusals = counter(
    'topology_manager_admission_errors_total',
    'The number of admission request failures where resources could not be aligned.',
  )
  readonly #admissionTimes = times(
    'topology_manager_admission_duration_ms',
    'Duration in milliseconds to serve a pod admission request.',
    exponentialBounds(0.05, 2, 15),
  )
  readonly #pins = {
    cpu: counter('cpu_manager_pinning_requests_total', 'The number of cpu core allocations which required pinning.'),
    memory: counter(
      'memory_manager_pinning_requests_total',
      'The number of memory pages allocations which required pinning.',
    ),
  }
  readonly #pinErrors = {
    cpu: counter(
      'cpu_manager_pinning_errors_total',
      'The number of cpu core allocations which required pinning failed.',
    ),
    memory: counter(
      'memory_manager_pinning_errors_total',
      'The number of memory pages allocations which required pinning that failed.',
    ),
  }
  readonly #sharedMilli = gauge(
    'cpu_manager_shared_pool_size_millicores',
    'The size of the shared CPU pool for non-guaranteed QoS pods, in millicores.',
  )
  readonly #exclusive = gauge(
    'cpu_manager_exclusive_cpu_allocation_count',
    'The total number of CPUs exclusively allocated to containers running on this node',
  )
  readonly #exclusiveByNode = gauge('cpu_manager_allocation_per_numa', 'Number of CPUs allocated per NUMA node', [
    'numa_node',
  ])
  readonly #aligned = counter(
    'container_aligned_compute_resources_count',
    'Cumulative number of aligned compute resources allocated to containers by alignment type.',
    ['scope', 'boundary'],
  )
  readonly #unaligned = counter(
    'container_aligned_compute_resources_failure_count',
    'Cumulative number of failures to allocate aligned compute resources to containers by alignment type.',
    ['scope', 'boundary'],
  )
  readonly #registrations = counter(
    'device_plugin_registration_total',
    'Cumulative number of device plugin registrations. Broken down by resource name.',
    ['resource_name'],
  )
  readonly #deviceTimes = times(
    'device_plugin_alloc_duration_seconds',
    'Duration in seconds to serve a device plugin Allocation request. Broken down by resource name.',
    undefined,
    ['resource_name'],
  )
  readonly #questions = counter(
    'pod_resources_endpoint_requests_total',
    'Cumulative number of requests to the PodResource endpoint. Broken down by server api version.',
    ['server_api_version'],
  )
  readonly #questionsBy = {
    list: endpointCounter('requests_list', 'Number of requests to the PodResource List endpoint.'),
    get: endpointCounter('requests_get', 'Number of requests to the PodResource Get endpoint.'),
    get_allocatable: endpointCounter(
      'requests_get_allocatable',
      'Number of requests to the PodResource GetAllocatableResources endpoint.',
    ),
  }
  readonly #unknownPods = endpointCounter(
    'errors_get',
    'Number of requests to the PodResource Get endpoint which returned error.',
  )

  /** A pod was let in or refused. */
  admitted(tookMs: number, isRefused: boolean): void {
    this.#admissions.add(1)
    if (isRefused) this.#refusals.add(1)
    this.#admissionTimes.observe(tookMs)
  }

  /** A container is given CPUs or memory of certain NUMA nodes, if it can be. */
  async pinned<T>(kind: 'cpu' | 'memory', work: () => T | Promise<T>): Promise<T> {
    this.#pins[kind].add(1)
    try {
      return await work()
    } catch (error) {
      this.#pinErrors[kind].add(1)
      throw error
    }
  }

  cpusDivided({ shared, exclusive }: CpuDivision): void {
    this.#sharedMilli.set(shared * 1000)
    this.#exclusive.set([...exclusive.values()].reduce((sum, count) => sum + count, 0))
    for (const [node, count] of exclusive) this.#exclusiveByNode.set(count, String(node))
  }

  aligned(alignment: Alignment, count = 1): void {
    this.#aligned.add(count, ...alignment)
  }

  unaligned(alignment: Alignment, count = 1): void {
    this.#unaligned.add(count, ...alignment)
  }

  pluginRegistered(resource: string): void {
    this.#registrations.add(1, resource)
  }

  devicesAllocated(resource: string, tookMs: number): void {
    this.#deviceTimes.observe(tookMs / 1000, resource)
  }

  asked(version: 'v1' | 'v1alpha1', question?: ResourceQuestion): void {
    this.#questions.add(1, version)
    if (question) this.#questionsBy[question].add(1, version)
  }

  askedForUnknownPod(): void {
    this.#unknownPods.add(1, 'v1')
  }

  text(): string {
    return [
      this.#aligned,
      this.#unaligned,
      this.#exclusiveByNode,
      this.#pinErrors.cpu,
      this.#pins.cpu,
      this.#sharedMilli,
      this.#exclusive,
      this.#deviceTimes,
      this.#registrations,
      this.#pinErrors.memory,
      this.#pins.memory,
      this.#unknownPods,
      ...Object.values(this.#questionsBy),
      this.#questions,
      this.#refusals,
      this.#admissions,
      this.#admissionTimes,
    ]
      .map((family) => family.text())
      .join('')
  }
}

const endpointCounter = (name: string, help: string): ReturnType<typeof counter> =>
  counter(`pod_resources_endpoint_${name}`, `${help} Broken down by server api version.`, ['server_api_version'])
