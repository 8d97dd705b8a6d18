/** A resource claim as drivers are told of it. */
export interface ClaimReference {
  readonly namespace: string
  readonly uid: string
  readonly name: string
}

/** A device that a driver has made ready for a claim. */
export interface PreparedDevice {
  /** Requests of the claim that it is for; for all of them when empty. */
  readonly requestNames: readonly string[]
  readonly poolName: string
  readonly deviceName: string
  /** Names under which the runtime knows it (CDI). */
  readonly cdiDeviceIds: readonly string[]
  /** Which share of the device it is, where it has several users. */
  readonly shareId?: string
}

/** What became of one claim. */
export interface ClaimAnswer {
  readonly uid: string
  /** Empty when it went well. */
  readonly error: string
  /** None where a claim was given back. */
  readonly devices: readonly PreparedDevice[]
}

/** What a driver says of a device (KEP-4680). */
export interface DeviceReport {
  readonly poolName: string
  readonly deviceName: string
  readonly health: 'Healthy' | 'Unhealthy' | 'Unknown'
  /** Milliseconds for which that holds; 0 where the driver does not say. */
  readonly timeoutMs: number
  readonly message: string
}

/** One instance of a driver for dynamically allocated resources. Methods reject with its error. */
export interface DraPlugin {
  readonly driver: string
  readonly endpoint: string
  /** Its socket takes calls. */
  readonly isConnected: boolean
  prepare(claims: readonly ClaimReference[], signal: AbortSignal): Promise<readonly ClaimAnswer[]>
  unprepare(claims: readonly ClaimReference[]): Promise<readonly ClaimAnswer[]>
  /** All devices that it watches over, again whenever one changes. */
  watchHealth(signal: AbortSignal): AsyncIterable<readonly DeviceReport[]>
  close(): void
}

export interface DraConnection {
  readonly driver: string
  /** Path of the socket where it serves. */
  readonly endpoint: string
  /** Which of its services to use: `v1.DRAPlugin`. */
  readonly service: string
  /** The socket takes calls, or does so no more. */
  readonly changed: () => void
  /** A call has ended. */
  readonly called: (call: DraCall) => void
}

export interface DraCall {
  /** Path of the method, as gRPC has it. */
  readonly method: string
  /** gRPC's name of the status. */
  readonly code: string
  readonly tookMs: number
}

/** How the agent reaches drivers. */
export interface DraPlugins {
  /** Connects now, and again whenever the connection is lost. */
  connect(connection: DraConnection): DraPlugin
}
