import { isDNS1123Subdomain, parseIPRange } from '#machinery'
import type { ClusterSettings } from './settings.ts'

/** What a setting may be. */
interface Shape {
  readonly wanted: string
  readonly holds: (value: unknown) => boolean
}

const isText = (value: unknown): value is string => typeof value === 'string'
const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const text: Shape = { wanted: 'a text', holds: isText }
const texts: Shape = { wanted: 'a list of texts', holds: (value) => Array.isArray(value) && value.every(isText) }
const toggle: Shape = { wanted: 'true or false', holds: (value) => typeof value === 'boolean' }
const whole = (most: number): Shape => ({
  wanted: `a whole number from 0 to ${most}`,
  holds: (value) => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most,
})

/** Whether this says where Services of type LoadBalancer get addresses from. */
const namesAddresses = (value: string): boolean =>
  ['auto', 'nodes', 'off'].includes(value) || value.split(',').every((part) => parseIPRange(part.trim()) !== undefined)

const shapes: { readonly [name in keyof ClusterSettings]-?: Shape } = {
  port: whole(65_535),
  nodes: whole(10_000),
  simulatedNodes: whole(10_000),
  runtime: {
    wanted: 'containerd, simulated or remote',
    holds: (value) => ['containerd', 'simulated', 'remote'].some((runtime) => runtime === value),
  },
  serviceBlock: text,
  podBlock: text,
  domain: { wanted: 'a domain', holds: (value) => isText(value) && isDNS1123Subdomain(value).length === 0 },
  loadBalancer: {
    wanted: 'auto, nodes, off, or blocks and ranges of addresses',
    holds: (value) => isText(value) && namesAddresses(value),
  },
  bindAddress: text,
  advertiseAddress: text,
  serverNames: texts,
  controlPlaneEndpoint: text,
  etcd: {
    wanted: 'endpoints and a prefix',
    holds: (value) => isObject(value) && texts.holds(value['endpoints']) && isText(value['prefix']),
  },
  encryptionConfig: text,
  encryptionReload: toggle,
  tracingConfig: text,
  credentialProviderConfig: text,
  credentialProviderPrograms: text,
  ingress: toggle,
  serverIngress: toggle,
  gatewayApi: toggle,
  kubeconfig: text,
}

/** Settings as a file has them; those that this version does not know stay. @throws Error that says what can't be */
export function settingsIn(stored: unknown): Partial<ClusterSettings> {
  if (!isObject(stored)) throw new Error('they are no object')
  for (const [name, { wanted, holds }] of Object.entries(shapes)) {
    const value = stored[name]
    if (value === undefined || holds(value)) continue
    throw new Error(`${name} is ${JSON.stringify(value)}, wanted ${wanted}`)
  }
  return stored
}
