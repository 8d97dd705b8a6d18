import type { Endpoint } from '../services/services.ts'
import type { BackendTls, PoolReference, SubjectName } from '../model/routing.ts'

/** One line, and the object that is to blame when the engine can't read it. */
export interface Line {
  readonly text: string
  readonly owner?: string
}

export interface BackendSection {
  readonly name: string
  readonly lines: readonly Line[]
  /** Where its servers come from; none when absent. */
  readonly pool?: PoolReference
  /** Words after the address of each server. */
  readonly serverOptions: string
  /** Who its servers have to be, where the program can't find that out itself: the engine does, and speaks TLS for it. */
  readonly identity?: ServerIdentity
}

/** Who a server has to be, and how it is spoken to. */
export interface ServerIdentity extends BackendTls {
  readonly names: readonly SubjectName[]
  /** By ALPN. */
  readonly protocol: 'http/1.1' | 'h2'
}

/** A file beside the configuration, by its name there. */
export interface AdjoinedFile {
  readonly content: string
  readonly owner?: string
}

/** All that HAProxy is told, apart from where it keeps its own files. Changes other than of servers want a new process. */
export interface EngineConfiguration {
  readonly front: readonly Line[]
  readonly backends: readonly BackendSection[]
  readonly files: ReadonlyMap<string, AdjoinedFile>
  /** Servers of each backend that has a pool, by the backend's name. */
  readonly servers: ReadonlyMap<string, readonly Endpoint[]>
  /** Ports as the routing model has them, by those that are really listened at. */
  readonly ports: ReadonlyMap<number, number>
}

/** The certificate for clients that name no server, or none that is known; the engine makes it. */
export const defaultCertificateFile = 'default.pem'

/** Name of an endpoint within its backend. */
export const serverName = ({ address, port }: Endpoint): string => `${address.replaceAll(':', '_')}-${port}`

/** Where it is. */
export const serverAddress = ({ address, port }: Endpoint): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
