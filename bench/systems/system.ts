import type { Cleanup } from '../cleanup.ts'
import type { Endpoint } from '../load/endpoint.ts'
import type { MeasuredProcess } from '../machine/processes.ts'
import type { NodeNetwork } from '../machine/node-network.ts'
import type { Cluster } from './cluster.ts'
import type { NodeProgram } from './proxy.ts'

/** An API server with its store, alone on the machine. */
export interface ApiServer {
  readonly endpoint: Endpoint
  /** Milliseconds from the start of the first process until the server said that it is ready. */
  readonly readyMs: number
  /** Processes of which it consists. */
  readonly processes: readonly MeasuredProcess[]
  stop(): Promise<void>
}

/** API server, store, controllers and scheduler, without a node. */
export interface ControlPlane {
  readonly endpoint: Endpoint
  readonly processes: readonly MeasuredProcess[]
  stop(): Promise<void>
}

/** An API server that is filled before there is a scheduler. */
export interface Scheduling {
  readonly endpoint: Endpoint
  /** API server and store. */
  readonly server: readonly MeasuredProcess[]
  /** The scheduler, once it has begun. */
  readonly scheduler: readonly MeasuredProcess[]
  /** Starts the scheduler, in a process of its own. */
  begin(): Promise<void>
  stop(): Promise<void>
}

/** A service proxy, alone in a node's network. */
export type StartProxy = (network: NodeNetwork, api: Endpoint, cleanup: Cleanup) => Promise<NodeProgram>

/** The proxy of Ingresses in a node's network, at port 443; the cluster has one Ingress, which leads to the backend. */
export type StartIngress = (
  network: NodeNetwork,
  api: Endpoint,
  backend: Endpoint,
  cleanup: Cleanup,
) => Promise<NodeProgram>

/** A DNS server of a cluster, by itself, at a port of loopback. */
export interface DnsProgram {
  readonly port: number
  readonly processes: readonly MeasuredProcess[]
  stop(): Promise<void>
}

/** Something that can be measured: ours, or upstream's programs. */
export interface System {
  readonly name: string
  startApiServer(cleanup: Cleanup): Promise<ApiServer>
  startControlPlane(cleanup: Cleanup): Promise<ControlPlane>
  /** The same with so many nodes that pretend, where the system has such. */
  startSimulated?(nodes: number, cleanup: Cleanup): Promise<ControlPlane>
  /** Starts an API server without a scheduler. */
  prepareScheduling(cleanup: Cleanup): Promise<Scheduling>
  /** Makes a cluster of one node that runs containers; it does not run yet. */
  prepareCluster(cleanup: Cleanup): Promise<Cluster>
  readonly startProxy: StartProxy
  readonly startIngress: StartIngress
  /** Starts the cluster's DNS; absent where there is none to be had. */
  readonly startDns?: (api: Endpoint, cleanup: Cleanup) => Promise<DnsProgram>
}
