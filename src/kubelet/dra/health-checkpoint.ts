import { millisOf, parseTime } from '#machinery'
import type { HealthByDriver, KnownHealth } from './health.ts'

/** Name of the file, in the agent's own folder. */
export const healthFile = 'dra_health_state'

interface Written {
  readonly [driver: string]: {
    readonly Devices: {
      readonly [key: string]: {
        readonly PoolName: string
        readonly DeviceName: string
        readonly Health: KnownHealth['health']
        readonly LastUpdated: string
        /** Nanoseconds. */
        readonly HealthCheckTimeout: number
        readonly Message: string
      }
    } | null
  }
}

/** As upstream's kubelet keeps it. */
export function formatHealth(known: HealthByDriver): string {
  const drivers = [...known].map(([driver, devices]) => {
    const written = [...devices].map(([key, { poolName, deviceName, health, at, timeoutMs, message }]) => [
      key,
      {
        PoolName: poolName,
        DeviceName: deviceName,
        Health: health,
        LastUpdated: new Date(at).toISOString(),
        HealthCheckTimeout: timeoutMs * 1e6,
        Message: message,
      },
    ])
    return [driver, { Devices: Object.fromEntries(written) }]
  })
  return JSON.stringify(Object.fromEntries(drivers) as Written)
}

/** Reads what {@link formatHealth} or upstream's kubelet wrote. @throws Error when it is broken. */
export function parseHealth(text: string): HealthByDriver {
  const drivers = Object.entries(JSON.parse(text) as Written)
  return new Map(
    drivers.map(([driver, { Devices }]) => {
      const devices = Object.entries(Devices ?? {}).map(([key, written]): [string, KnownHealth] => [
        key,
        {
          poolName: written.PoolName,
          deviceName: written.DeviceName,
          health: written.Health,
          at: millisOf(parseTime(written.LastUpdated)),
          timeoutMs: written.HealthCheckTimeout / 1e6,
          message: written.Message,
        },
      ])
      return [driver, new Map(devices)]
    }),
  )
}
