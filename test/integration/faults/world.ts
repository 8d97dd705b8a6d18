import { setMaxListeners } from 'node:events'
import { silentLogger, VirtualClock } from '#base'
import type { Pod } from '#api/core/v1'
import { namespaces } from '#api/core/v1'
import {
  createClient,
  createEventBroadcaster,
  createInformerFactory,
  discoverResources,
  runControllers,
  selectControllers,
} from '#client'
import type { ApiRequest, ApiResponse, Client, Transport } from '#client'
import { controllers } from '#controllers'
import { forbidden } from '#machinery'
import { createScheduler } from '#scheduler'
import { simulatedNodeController, simulatedPodController } from '#simulation'
import { admin, startTestServer } from '../apiserver/server.ts'
import type { TestServer } from '../apiserver/server.ts'

import { Chance } from './chance.ts'
import { faultyTransport, refusal } from './faulty-transport.ts'

const shared = { log: silentLogger }

/** Milliseconds by which requests and events are late at most: those of controllers, and those of nodes. */
const lateMs = { manager: 1500, node: 8000 }

/** Controllers that have to do with what is looked at. The others would only take time. */
const selected = [
  'deployment-controller',
  'replicaset-controller',
  'statefulset-controller',
  'daemonset-controller',
  'job-controller',
  'garbage-collector-controller',
  'pod-garbage-collector-controller',
]
/** What the garbage collector is to look at. */
const collected: ReadonlySet<string> = new Set(
  'configmaps pods nodes deployments replicasets statefulsets daemonsets controllerrevisions jobs'.split(' '),
)
/** These take pods from nodes that are silent. */
const nodeControllers = ['node-lifecycle-controller', 'taint-eviction-controller']

interface Program {
  isAlive: boolean
  readonly stop: AbortController
  readonly ended: Promise<unknown>
}

interface SimulatedMachine {
  readonly name: string
  program: Program
  /** The network to it is broken. */
  isSilent: boolean
}

export interface WorldOptions {
  readonly nodes: number
  /** Nodes are heard, and nobody but controllers takes pods away. */
  readonly calm: boolean
  /** Who writes always hears what became of it, unless it crashes. */
  readonly honest: boolean
  /** All controllers run, not only those that have to do with what is looked at. */
  readonly all: boolean
  /** Hears of every write that was carried out, and of what the server answered. */
  readonly tell?: (line: string, response: ApiResponse) => void
}

/** A whole cluster on virtual time, in which things go wrong as a seed has it. */
export class World implements AsyncDisposable {
  readonly clock: VirtualClock
  readonly chance: Chance
  /** Asks without anything going wrong. */
  readonly client: Client
  /** Whether things go wrong. */
  isBad = true
  /** UIDs of pods that their node has confirmed to be gone. */
  readonly removedByNode = new Set<string>()
  /** Every write that was carried out: `12.5 job-controller POST /api/v1/... 201`. */
  readonly writes: string[] = []
  /** The last write before each crash: `job-controller PUT jobs/status`. */
  readonly crashes: string[] = []
  readonly machines: SimulatedMachine[] = []
  readonly #server: TestServer
  readonly #controllers: readonly string[]
  readonly #runsAll: boolean
  readonly #losesAnswers: boolean
  readonly #tell: NonNullable<WorldOptions['tell']>
  #manager: Program | undefined
  /** After how many writes controllers and scheduler crash; they begin again some time later. */
  #writesLeft = Infinity
  readonly #dead: Program[] = []

  private constructor(server: TestServer, seed: number, chosen: readonly string[], options: WorldOptions) {
    this.#server = server
    this.#controllers = chosen
    this.#losesAnswers = !options.honest
    this.#tell = options.tell ?? (() => {})
    this.#runsAll = chosen.includes('*')
    this.clock = server.clock
    this.chance = new Chance(seed ^ 0x5eed)
    this.client = server.client
  }

  static async start(seed: number, options: WorldOptions): Promise<World> {
    const { nodes, calm, all } = options
    const rough = calm ? [] : nodeControllers
    const chosen = all ? ['*', ...(calm ? nodeControllers.map((name) => `-${name}`) : [])] : [...selected, ...rough]
    const server = await startTestServer(undefined, new VirtualClock(undefined, seed))
    const world = new World(server, seed, chosen, options)
    await server.client.create(namespaces, { metadata: { name: 'kube-node-lease' }, spec: {} })
    for (let index = 1; index <= nodes; index++) world.machines.push(world.#startMachine(index))
    world.startManager()
    return world
  }

  get isManagerRunning(): boolean {
    return this.#manager?.isAlive ?? false
  }

  /** Controllers and scheduler begin, knowing nothing. */
  startManager(): void {
    this.#writesLeft = Infinity
    this.#manager = this.#program((program) => {
      const transport = this.#transportOf(program, lateMs.manager, () => true)
      const clientFor = (name: string): Client =>
        createClient(transport, { userAgent: `${name}/1.0`, user: { ...admin, name } })
      const client = clientFor('manager')
      const { clock } = this
      const informers = createInformerFactory(client, { clock, ...shared })
      const events = createEventBroadcaster({ client, clock, ...shared })
      const discover = async (signal: AbortSignal): ReturnType<typeof discoverResources> => {
        const found = await discoverResources(transport, { userAgent: 'manager/1.0', user: admin, signal })
        if (this.#runsAll) return found
        return { ...found, resources: found.resources.filter(({ resource }) => collected.has(resource.plural)) }
      }
      const options = { discover, namespaceGraceMs: 0, rootCA: 'certificates' }
      const { signal } = program.stop
      const scheduler = createScheduler({ client: clientFor('scheduler'), clock, ...shared, informers })
      const chosen = selectControllers(controllers, this.#controllers)
      return [
        informers.start(signal),
        events.start(signal),
        scheduler.start(signal),
        runControllers(chosen, { clock, ...shared, informers, events, clientFor, options }, signal),
      ]
    })
  }

  /** Controllers and scheduler end after so many more writes, the last of which they hear nothing of. */
  crashAfter(writes: number): void {
    this.#writesLeft = writes
  }

  /** Time goes on. */
  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms)
    // What weak references lead to is kept until the event loop turns, and virtual time never lets it.
    await new Promise((resolve) => setImmediate(resolve))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isBad = false
    const programs = [...this.machines.map(({ program }) => program), ...(this.#manager ? [this.#manager] : [])]
    for (const program of programs) this.#end(program)
    await this.clock.advance(60_000)
    await Promise.race([Promise.all(this.#dead.map(({ ended }) => ended)), this.clock.advance(0)])
    await this.#server[Symbol.asyncDispose]()
  }

  #startMachine(index: number): SimulatedMachine {
    const name = `n${index}`
    const { clock, chance } = this
    const program = this.#program((own) => {
      const transport = this.#transportOf(own, lateMs.node, () => !machine().isSilent, true)
      const client = createClient(transport, { userAgent: `${name}/1.0`, user: { ...admin, name } })
      const informers = createInformerFactory(client, { clock, ...shared })
      const events = createEventBroadcaster({ client, clock, ...shared })
      const node = {
        name,
        address: `192.0.2.${index}`,
        capacity: { cpu: '8', memory: '32Gi', pods: '100' },
        podBlock: `10.1.${index}.0/24`,
      }
      const options = {
        nodes: [node],
        kubeletVersion: 'v1.36.2',
        startupMs: chance.between(100, 12_000),
        jobMs: chance.between(500, 20_000),
      }
      const { signal } = own.stop
      const context = { clock, ...shared, informers, events, clientFor: () => client, options }
      return [
        informers.start(signal),
        events.start(signal),
        runControllers([simulatedNodeController, simulatedPodController], context, signal),
      ]
    })
    const made: SimulatedMachine = { name, program, isSilent: false }
    const machine = (): SimulatedMachine => made
    return made
  }

  #program(begin: (program: Pick<Program, 'isAlive' | 'stop'>) => readonly Promise<unknown>[]): Program {
    const own = { isAlive: true, stop: new AbortController() }
    setMaxListeners(0, own.stop.signal)
    const ended = Promise.all(begin(own).map((part) => part.catch(() => undefined)))
    return Object.assign(own, { ended })
  }

  #end(program: Program): void {
    program.isAlive = false
    program.stop.abort()
    this.#dead.push(program)
  }

  #transportOf(program: Pick<Program, 'isAlive'>, late: number, isReachable: () => boolean, isNode = false): Transport {
    const { handle } = this.#server.server
    return faultyTransport(this.#runsAll ? handle : withoutEvents(handle), {
      clock: this.clock,
      chance: this.chance,
      isBad: () => this.isBad,
      lateMs: late,
      losesAnswers: this.#losesAnswers,
      overtake: (request) => this.#touch(request),
      isAlive: () => program.isAlive && isReachable(),
      ...(isNode ? { arrives: (request) => this.#removes(request) } : {}),
      wrote: (request, response) => this.#wrote(request, response, isNode),
    })
  }

  /** Somebody else notes something on the object: what is based on the one before is refused. */
  async #touch({ path }: ApiRequest): Promise<void> {
    const object = { metadata: { annotations: { touched: `${this.chance.between(1, 1e9)}` } } }
    await this.#server.request('PATCH', path.replace(/\/(?:status|scale)$/, ''), object, {
      'content-type': 'application/merge-patch+json',
    })
  }

  #wrote(request: ApiRequest, response: ApiResponse, isNode: boolean): void {
    const code = 'code' in response ? response.code : 200
    const seconds = this.clock.monotonic() / 1000
    const line = `${seconds} ${request.user?.name} ${request.method} ${request.path} ${code}`
    this.writes.push(line)
    this.#tell(line, response)
    if (isNode || isEvent(request) || --this.#writesLeft > 0 || !this.#manager) return
    this.crashes.push(`${request.user?.name} ${request.method} ${kindOf(request.path)}`)
    this.#end(this.#manager)
    this.#manager = undefined
    this.#writesLeft = Infinity
  }

  /** The news that a pod is gone may be faster than the answer. */
  #removes({ method, path, body }: ApiRequest): void {
    if (method !== 'DELETE' || !path.includes('/pods/') || body?.kind !== 'object') return
    const options = body.object as { readonly preconditions?: { readonly uid?: string } }
    this.removedByNode.add(options.preconditions?.uid ?? '')
  }
}

const isEvent = ({ path }: ApiRequest): boolean => /\/events(?:\/[^/]*)?$/.test(path)

/** Nobody relies on events, which are a third of all writes: nobody may write them. */
const withoutEvents =
  (handle: Transport): Transport =>
  async (request) =>
    isEvent(request) ? refusal(forbidden({ group: '', resource: 'events' }, '', 'they are left out')) : handle(request)

/** `pods/binding` of `/api/v1/namespaces/default/pods/a/binding`. */
function kindOf(path: string): string {
  const [resource = '', , subresource] = path.replace(/^\/apis?\/(?:.*?\/)?v1\/(?:namespaces\/[^/]+\/)?/, '').split('/')
  return subresource === undefined ? resource : `${resource}/${subresource}`
}

export const isActive = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed'

export const isAvailable = (pod: Pod): boolean =>
  isActive(pod) && (pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false)
