import { messageOf } from '#base'
import { controllerrevisions, statefulsets } from '#api/apps/v1'
import type { ControllerRevision, StatefulSet } from '#api/apps/v1'
import type { Pod } from '#api/core/v1'
import { controllerOf, controllerReference, recheckController } from '#client'
import type { Client, Informer } from '#client'
import { isAlreadyExists, keyOf, parseKey } from '#machinery'
import { orphansIn, ownedBy } from '../common/meta/owned.ts'
import { selectorFor } from '../common/meta/selectors.ts'
import { byRevision, revisionHash, revisionName, sameData, templatePatch } from '../common/history/data.ts'
import { podRevision } from './identity.ts'

export interface SetRevisions {
  /** Of pods that were not updated yet. */
  readonly current: ControllerRevision
  readonly update: ControllerRevision
  readonly collisionCount: number
}

const hashLabel = 'controller.kubernetes.io/hash'

/** What a set remembers of its templates. */
export class SetHistory {
  readonly #client: Client
  readonly #informer: Informer<ControllerRevision>

  constructor(client: Client, informer: Informer<ControllerRevision>) {
    this.#client = client
    this.#informer = informer
  }

  /** Revisions of the set, oldest first. Orphans that it selects are its own from now on. */
  async list(set: StatefulSet): Promise<readonly ControllerRevision[]> {
    const selector = selectorFor(set.spec.selector)
    const all = [...ownedBy(this.#informer, set), ...orphansIn(this.#informer, set.metadata.namespace ?? '')]
    const found = all.filter(({ metadata }) => selector.matches(metadata.labels ?? {}))
    const orphans = found.filter((each) => !controllerOf(each))
    if (orphans.length === 0) return found.sort(byRevision)
    await recheckController(this.#client, statefulsets, set)().catch((error: unknown) => {
      throw new Error(`can't adopt ControllerRevisions: ${messageOf(error)}`, { cause: error })
    })
    const adopted = await Promise.all(orphans.map((orphan) => this.#adopt(set, orphan)))
    return [...found.filter((each) => controllerOf(each)), ...adopted].sort(byRevision)
  }

  /** The revision of the set's template, made or moved to the end where it is needed, and that of its older pods. */
  async decide(set: StatefulSet, known: readonly ControllerRevision[]): Promise<SetRevisions> {
    const wanted = this.#make(set, (known.at(-1)?.revision ?? 0) + 1, set.status?.collisionCount ?? 0)
    const same = known.filter((each) => sameData(each, wanted)).at(-1)
    let update: ControllerRevision
    let collisionCount = set.status?.collisionCount ?? 0
    if (!same) {
      const created = await this.#create(set, wanted, collisionCount)
      update = created.revision
      collisionCount = created.collisionCount
    } else if (same === known.at(-1)) update = same
    else update = await this.#client.update(controllerrevisions, { ...same, revision: wanted.revision })
    const current = known.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update
    return { current, update, collisionCount }
  }

  /** Deletes what goes beyond the history that is kept and that no pod is of. */
  async truncate(
    set: StatefulSet,
    pods: readonly Pod[],
    known: readonly ControllerRevision[],
    { current, update }: SetRevisions,
  ): Promise<void> {
    const live = new Set([current.metadata.name, update.metadata.name, ...pods.map(podRevision)])
    const dead = known.filter(({ metadata }) => !live.has(metadata.name ?? ''))
    const limit = set.spec.revisionHistoryLimit ?? 10
    if (limit < 0) return
    for (const each of dead.slice(0, Math.max(0, dead.length - limit))) {
      await this.#client.delete(controllerrevisions, parseKey(keyOf(each)))
    }
  }

  #make(set: StatefulSet, revision: number, collisionCount: number): ControllerRevision {
    const { name = '', namespace = '', annotations } = set.metadata
    const data = templatePatch(set.spec.template)
    const hash = revisionHash(data, collisionCount)
    return {
      metadata: {
        name: revisionName(name, hash),
        namespace,
        labels: { ...set.spec.template.metadata?.labels, [hashLabel]: hash },
        ...(annotations ? { annotations } : {}),
        ownerReferences: [controllerReference(set, statefulsets)],
      },
      data,
      revision,
    }
  }

  async #create(
    set: StatefulSet,
    wanted: ControllerRevision,
    count: number,
  ): Promise<{ readonly revision: ControllerRevision; readonly collisionCount: number }> {
    for (let collisionCount = count; ; collisionCount++) {
      const name = revisionName(set.metadata.name ?? '', revisionHash(wanted.data, collisionCount))
      try {
        const revision = await this.#client.create(controllerrevisions, {
          ...wanted,
          metadata: { ...wanted.metadata, name },
        })
        return { revision, collisionCount }
      } catch (error) {
        if (!isAlreadyExists(error)) throw error
        const { namespace = '' } = set.metadata
        const existing = await this.#client.get(controllerrevisions, { namespace, name })
        if (sameData(existing, wanted)) return { revision: existing, collisionCount }
      }
    }
  }

  #adopt(set: StatefulSet, { metadata }: ControllerRevision): Promise<ControllerRevision> {
    const { namespace = '', name = '', uid = '' } = metadata
    const patch = { metadata: { ownerReferences: [{ ...controllerReference(set, statefulsets) }], uid } }
    return this.#client.patch(controllerrevisions, { namespace, name }, { type: 'strategic', patch })
  }
}
