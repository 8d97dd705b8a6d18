import { systemClock } from '#base'
import type { Resource } from '#api'
import { namespaces, serviceaccounts } from '#api/core/v1'
import type { Container, PodTemplateSpec } from '#api/core/v1'
import { waitFor, waitForObject } from '#client'
import type { Client } from '#client'
import type { KubeObject, ObjectKey } from '#machinery'
import { runCommand } from '#network'
import { recipes } from '../../images/index.ts'
import type { SwapCluster } from '../cluster.ts'
import { furnish } from './distribution.ts'

/** Something that people have clusters do. Has a namespace of its own, which goes when it is done. */
export interface Task {
  readonly name: string
  /** Before there is a namespace for it. */
  prepare?(cluster: SwapCluster): Promise<void>
  run(desk: Desk): Promise<void>
}

const patienceMs = 120_000

/** What a task works with. */
export class Desk {
  readonly client: Client
  readonly namespace: string
  readonly nodeName: string
  readonly #cluster: SwapCluster

  private constructor(cluster: SwapCluster, namespace: string) {
    this.client = cluster.client
    this.namespace = namespace
    this.nodeName = cluster.site.node.name
    this.#cluster = cluster
  }

  static async open(cluster: SwapCluster, namespace: string): Promise<Desk> {
    const desk = new Desk(cluster, namespace)
    await cluster.client.create(namespaces, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
      spec: {},
    })
    await desk.until(serviceaccounts, 'default', (account) => account !== undefined)
    await furnish(cluster.client, namespace)
    return desk
  }

  /** Deletes the namespace, and waits until all that was in it is gone. */
  async close(): Promise<void> {
    await this.client.delete(namespaces, { name: this.namespace })
    await this.until(namespaces, this.namespace, (object) => object === undefined)
  }

  key(name: string): ObjectKey & { readonly namespace: string } {
    return { namespace: this.namespace, name }
  }

  /** Watches an object of the namespace, or one outside of all, until the condition holds. @throws Error after two minutes. */
  until<T extends KubeObject>(
    resource: Resource<T>,
    name: string,
    holds: (object: T | undefined) => boolean,
  ): Promise<T | undefined> {
    const what = `${resource.plural} ${name} that ${holds.toString().slice(0, 200)}`
    const options = { clock: systemClock, timeoutMs: patienceMs, what }
    return waitForObject(this.client, resource, resource.namespaced ? this.key(name) : { name }, holds, options)
  }

  /** Asks again and again. @throws Error after two minutes. */
  eventually<T>(what: string, ask: () => Promise<T | undefined | false>): Promise<T> {
    return waitFor(ask, { clock: systemClock, timeoutMs: patienceMs, intervalMs: 250, what })
  }

  /** Objects of the namespace. */
  async all<T extends KubeObject>(resource: Resource<T>, labelSelector = ''): Promise<readonly T[]> {
    const { items } = await this.client.list(resource, { namespace: this.namespace }, { labelSelector })
    return items
  }

  /** Runs a command on the node. @returns what it printed. @throws Error when it fails. */
  async onNode(words: readonly string[]): Promise<string> {
    return runCommand(['nsenter', `--net=${this.#cluster.site.node.namespace}`, '--', ...words])
  }

  /** Runs upstream's kubectl in the namespace. @returns what it printed. @throws Error when it fails. */
  kubectl(...words: readonly string[]): Promise<string> {
    const { kubectl, site } = this.#cluster
    return runCommand([kubectl, `--kubeconfig=${site.kubeconfig('admin')}`, `--namespace=${this.namespace}`, ...words])
  }

  /** The body that an address answers with, asked from the node. */
  fetch(url: string): Promise<string> {
    return this.onNode(['curl', '--silent', '--show-error', '--fail', '--max-time', '5', url])
  }
}

/** @throws Error that tells what was expected. */
export function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`expected ${what}`)
}

export const webServer: Container = {
  name: 'web',
  image: recipes.nginx.names[0] ?? '',
  ports: [{ containerPort: 80 }],
  readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 1 },
}

/** A container that runs a line of shell, and has curl. */
export const shell = (script: string): Container => ({
  name: 'shell',
  image: webServer.image ?? '',
  command: ['sh', '-c', script],
})

export const template = (app: string, container: Container): PodTemplateSpec => ({
  metadata: { labels: { app } },
  spec: { containers: [container], terminationGracePeriodSeconds: 5 },
})
