import { customresourcedefinitions } from '#api/apiextensions/v1'
import { sleep } from '#base'
import type { Clock } from '#base'
import type { Resource } from '#api'
import type { Client } from '#client'
import { isNotFound } from '#machinery'
import type { KubeObject } from '#machinery'
import { ensure } from '../control-plane/cluster-objects.ts'
import { gatewayController, ingressClassName } from './names.ts'

interface GatewayClass extends KubeObject {
  readonly spec: { readonly controllerName: string }
}

const gatewayClasses: Resource<GatewayClass> = {
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  plural: 'gatewayclasses',
  kind: 'GatewayClass',
  namespaced: false,
}

/** Milliseconds between two looks whether definitions are served, and how many there are. */
const lookMs = 50
const looks = 600

/**
 * Sees to it that the resources of Gateway API are there, and a class of Gateways that we serve. Definitions that somebody
 * else installed stay as they are.
 *
 * @throws StatusError
 */
export async function ensureGatewayApi(client: Client, clock: Clock): Promise<void> {
  const { gatewayDefinitions } = await import('#ingress')
  await Promise.all(gatewayDefinitions.map((definition) => ensure(client, customresourcedefinitions, definition)))
  for (let look = 1; !(await areServed(client, look)); look++) await sleep(clock, lookMs)
  await ensure(client, gatewayClasses, {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'GatewayClass',
    metadata: { name: ingressClassName },
    spec: { controllerName: gatewayController },
  })
}

async function areServed(client: Client, look: number): Promise<boolean> {
  try {
    await client.list(gatewayClasses)
    return true
  } catch (error) {
    if (!isNotFound(error) || look === looks) throw error
    return false
  }
}
