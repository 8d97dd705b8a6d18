import type { Resource } from '#api'
import type { CrossVersionObjectReference, HorizontalPodAutoscaler } from '#api/autoscaling/v2'
import type { Scale } from '#api/autoscaling/v1'
import type { Client, Discovery } from '#client'
import { isConflict } from '#machinery'

export interface FoundScale {
  readonly scale: Scale
  readonly resource: Resource<Scale>
}

/** The scale of an autoscaler's target. @throws Error that says which part of the way failed. */
export class Scales {
  readonly #client: Client
  readonly #discover: (signal: AbortSignal) => Promise<Discovery>

  constructor(client: Client, discover: (signal: AbortSignal) => Promise<Discovery>) {
    this.#client = client
    this.#discover = discover
  }

  /** The resources that a reference may mean, the server's first choice first. @throws Error when there are none. */
  async resourcesOf(
    { apiVersion = '', kind }: CrossVersionObjectReference,
    signal: AbortSignal,
  ): Promise<readonly Resource<Scale>[]> {
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
    const { resources } = await this.#discover(signal)
    const found = resources.filter(({ resource }) => resource.group === group && resource.kind === kind)
    if (found.length === 0) throw new Error(`no matches for kind "${kind}" in group "${group}"`)
    const byPreference = found.toSorted((a, b) => Number(b.preferred) - Number(a.preferred))
    return byPreference.map(({ resource: { group: of, version, plural, kind: called, namespaced } }) => ({
      group: of,
      version,
      plural,
      kind: called,
      namespaced,
    }))
  }

  async get(
    { metadata, spec }: HorizontalPodAutoscaler,
    resources: readonly Resource<Scale>[],
    signal: AbortSignal,
  ): Promise<FoundScale> {
    const key = { namespace: metadata.namespace ?? '', name: spec.scaleTargetRef.name }
    let problem: unknown
    for (const resource of resources) {
      try {
        return { scale: await this.#client.get(resource, key, { subresource: 'scale', signal }), resource }
      } catch (error) {
        problem ??= error
      }
    }
    throw problem
  }

  /** Asks for so many replicas, whatever has changed meanwhile. */
  async update({ scale, resource }: FoundScale, replicas: number): Promise<void> {
    const { namespace = '', name = '' } = scale.metadata
    let latest = scale
    for (let left = 4; ; left--) {
      const next = { apiVersion: 'autoscaling/v1' as const, kind: 'Scale' as const, ...latest, spec: { replicas } }
      try {
        await this.#client.update(resource, next, { subresource: 'scale' })
        return
      } catch (error) {
        if (!isConflict(error) || left === 0) throw error
        latest = await this.#client.get(resource, { namespace, name }, { subresource: 'scale' })
      }
    }
  }
}
