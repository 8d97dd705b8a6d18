import type { Json } from '#api'
import { controllerrevisions, daemonsets } from '#api/apps/v1'
import type { ControllerRevision, DaemonSet } from '#api/apps/v1'
import { pods } from '#api/core/v1'
import type { Pod } from '#api/core/v1'
import { claimObjects, controllerReference, recheckController } from '#client'
import type { Client, Informer } from '#client'
import { isAlreadyExists, keyOf, parseKey } from '#machinery'
import { revisionText, templatePatch } from '../common/history/data.ts'
import { podTemplateHash } from '../common/hash/template-hash.ts'
import { orphansIn, ownedBy } from '../common/meta/owned.ts'
import { selectorFor } from '../common/meta/selectors.ts'
import { hashLabel } from './template.ts'

export interface DaemonRevisions {
  readonly current: ControllerRevision
  readonly old: readonly ControllerRevision[]
}

const hashOf = ({ metadata }: ControllerRevision): string => metadata.labels?.[hashLabel] ?? ''

/** What a set remembers of its templates. */
export class DaemonHistory {
  readonly #client: Client
  readonly #informer: Informer<ControllerRevision>

  constructor(client: Client, informer: Informer<ControllerRevision>) {
    this.#client = client
    this.#informer = informer
  }

  /** The revision of the set's template, which is made where it is missing and moved to the end, and the others. */
  async construct(set: DaemonSet, podsOf: () => Promise<readonly Pod[]>): Promise<DaemonRevisions> {
    const data = templatePatch(set.spec.template)
    const text = revisionText(data)
    const all: ControllerRevision[] = []
    for (const each of await this.#claim(set)) all.push(hashOf(each) === '' ? await this.#label(each) : each)
    const same = all.filter((each) => revisionText(each.data) === text)
    const old = all.filter((each) => !same.includes(each))
    const next = Math.max(0, ...old.map(({ revision }) => revision)) + 1
    const kept = same.length > 1 ? await this.#keepOne(same, await podsOf()) : same[0]
    if (!kept) return { current: await this.#snapshot(set, data, next), old }
    if (kept.revision >= next) return { current: kept, old }
    return { current: await this.#client.update(controllerrevisions, { ...kept, revision: next }), old }
  }

  /** Deletes revisions beyond the history that is kept and that no pod is of. */
  async cleanUp({ spec }: DaemonSet, old: readonly ControllerRevision[], all: readonly Pod[]): Promise<void> {
    let surplus = old.length - (spec.revisionHistoryLimit ?? 10)
    if (surplus <= 0) return
    const live = new Set(all.map(({ metadata }) => metadata.labels?.[hashLabel]))
    for (const each of old.toSorted((a, b) => a.revision - b.revision)) {
      if (surplus <= 0) return
      if (live.has(hashOf(each))) continue
      await this.#client.delete(controllerrevisions, parseKey(keyOf(each)))
      surplus--
    }
  }

  #claim(set: DaemonSet): Promise<ControllerRevision[]> {
    const selector = selectorFor(set.spec.selector)
    return claimObjects({
      client: this.#client,
      controller: set,
      controllerResource: daemonsets,
      resource: controllerrevisions,
      objects: [...ownedBy(this.#informer, set), ...orphansIn(this.#informer, set.metadata.namespace ?? '')],
      matches: ({ metadata }) => selector.matches(metadata.labels ?? {}),
      canAdopt: recheckController(this.#client, daemonsets, set),
    })
  }

  #label(revision: ControllerRevision): Promise<ControllerRevision> {
    const { metadata } = revision
    const labels = { ...metadata.labels, [hashLabel]: metadata.name ?? '' }
    return this.#client.update(controllerrevisions, { ...revision, metadata: { ...metadata, labels } })
  }

  /** Of several revisions that say the same the newest stays, and all pods become its. */
  async #keepOne(same: readonly ControllerRevision[], all: readonly Pod[]): Promise<ControllerRevision | undefined> {
    const kept = same.toSorted((a, b) => a.revision - b.revision).at(-1)
    if (!kept) return undefined
    const hash = hashOf(kept)
    for (const pod of all) {
      if (pod.metadata.labels?.[hashLabel] === hash) continue
      const patch = { metadata: { labels: { [hashLabel]: hash } } }
      await this.#client.patch(pods, parseKey(keyOf(pod)), { type: 'merge', patch })
    }
    for (const each of same) {
      if (each !== kept) await this.#client.delete(controllerrevisions, parseKey(keyOf(each)))
    }
    return kept
  }

  async #snapshot(set: DaemonSet, data: Json, revision: number): Promise<ControllerRevision> {
    const { name: setName = '', namespace = '', annotations } = set.metadata
    const hash = podTemplateHash(set.spec.template, set.status?.collisionCount)
    const name = `${setName}-${hash}`
    try {
      return await this.#client.create(controllerrevisions, {
        metadata: {
          name,
          namespace,
          labels: { ...set.spec.template.metadata?.labels, [hashLabel]: hash },
          ...(annotations ? { annotations } : {}),
          ownerReferences: [controllerReference(set, daemonsets)],
        },
        data,
        revision,
      })
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      const existing = await this.#client.get(controllerrevisions, { namespace, name })
      if (revisionText(existing.data) === revisionText(data)) return existing
      await this.#countCollision(set)
      throw error
    }
  }

  /** The name means another template: the next hash will be another. */
  async #countCollision(set: DaemonSet): Promise<void> {
    const fresh = await this.#client.get(daemonsets, parseKey(keyOf(set)))
    const told = fresh.status?.collisionCount
    if (told !== set.status?.collisionCount || !fresh.status) {
      throw new Error(`found a stale collision count of DaemonSet "${set.metadata.name ?? ''}"`)
    }
    const status = { ...fresh.status, collisionCount: (told ?? 0) + 1 }
    await this.#client.update(daemonsets, { ...fresh, status }, { subresource: 'status' })
  }
}
