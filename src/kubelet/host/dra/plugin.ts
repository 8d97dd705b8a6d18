import { GrpcChannel, GrpcError, type CallOptions, type Method } from '#grpc'
import type { ClaimAnswer, ClaimReference, DeviceReport, DraConnection, DraPlugin, PreparedDevice } from '#kubelet'
import { draHealth, draServices } from './messages.ts'
import { keepConnected } from './reconnect.ts'

/** Milliseconds that a driver has for a call. */
const callMs = 45_000

interface Answers {
  readonly claims: readonly {
    readonly uid: string
    readonly answer?: { readonly error: string; readonly devices?: readonly PreparedDevice[] }
  }[]
}

interface HealthRecord {
  readonly device?: { readonly poolName: string; readonly deviceName: string }
  readonly health: DeviceReport['health']
  readonly healthCheckTimeoutSeconds: number
  readonly message: string
}

/** A driver behind its socket, which is connected as long as it listens. */
export function connectDriver({ driver, endpoint, service, changed, called }: DraConnection): DraPlugin {
  const methods = draServices[service]
  if (!methods) throw new Error(`internal error: unsupported chosen service: ${JSON.stringify(service)}`)
  let isConnected = false
  const connection = keepConnected((lost) => {
    return new GrpcChannel(`unix://${endpoint}`, {
      connection: (now) => {
        isConnected = now
        changed()
        if (!now) lost()
      },
    })
  })
  const ask = async (
    method: Method,
    claims: readonly ClaimReference[],
    options: CallOptions = {},
  ): Promise<readonly ClaimAnswer[]> => {
    const began = performance.now()
    let code = 'OK'
    try {
      const answers = await connection.channel.unary<Answers>(method, { claims }, { ...options, timeoutMs: callMs })
      return answers.claims.map(({ uid, answer }) => ({
        uid,
        error: answer?.error ?? '',
        devices: answer?.devices?.map(deviceOf) ?? [],
      }))
    } catch (error) {
      code = error instanceof GrpcError ? error.code : 'Unknown'
      throw error
    } finally {
      called({ method: method.path, code, tookMs: performance.now() - began })
    }
  }
  return {
    driver,
    endpoint,
    get isConnected() {
      return isConnected
    },
    prepare: (claims, signal) => ask(methods.prepare, claims, { signal }),
    unprepare: (claims) => ask(methods.unprepare, claims),
    async *watchHealth(signal) {
      const lists = connection.channel.stream<{ readonly devices: readonly HealthRecord[] }>(
        draHealth.watch,
        {},
        { signal },
      )
      for await (const { devices } of lists) yield devices.map(reportOf)
    },
    close: () => connection.close(),
  }
}

function deviceOf({ shareId = '', ...device }: PreparedDevice): PreparedDevice {
  return shareId === '' ? device : { ...device, shareId }
}

function reportOf({ device, health, healthCheckTimeoutSeconds, message }: HealthRecord): DeviceReport {
  return {
    poolName: device?.poolName ?? '',
    deviceName: device?.deviceName ?? '',
    health,
    timeoutMs: Math.max(0, healthCheckTimeoutSeconds) * 1000,
    message,
  }
}
