import { configmaps } from '#api/core/v1'
import type { ConfigMap, Pod } from '#api/core/v1'
import type { World } from '../world.ts'
import { namespace } from './workload.ts'
import type { Workload } from './workload.ts'

type Policy = 'Background' | 'Foreground' | 'Orphan'

const dependents = 3

interface Family {
  readonly owner: string
  readonly uid: string
  deletedBy?: Policy
}

/** Owners with dependents, deleted in all ways that there are. */
export class Families implements Workload {
  readonly name = 'garbage collection'
  readonly #world: World
  readonly #families: Family[] = []

  constructor(world: World) {
    this.#world = world
  }

  async start(): Promise<void> {
    for (let index = 0; index < 4; index++) await this.#found(`family-${index}`)
  }

  async act(): Promise<void> {
    const { chance, client } = this.#world
    const living = this.#families.filter(({ deletedBy }) => deletedBy === undefined)
    // One lives on: nothing of it may go.
    if (living.length <= 1) return this.#found(`family-${this.#families.length}`)
    const family = chance.oneOf(living)
    const policy = chance.oneOf<Policy>(['Background', 'Foreground', 'Orphan'])
    family.deletedBy = policy
    await client.delete(configmaps, { namespace, name: family.owner }, { propagationPolicy: policy })
  }

  async settle(): Promise<void> {}

  broken(_pods: readonly Pod[]): string | undefined {
    return undefined
  }

  async unfinished(): Promise<string | undefined> {
    const { items } = await this.#world.client.list(configmaps, { namespace })
    for (const family of this.#families) {
      const problem = problemOf(family, items)
      if (problem !== undefined) return `${family.owner}, deleted by ${family.deletedBy ?? 'nobody'}: ${problem}`
    }
    return undefined
  }

  /** What is gone although nothing allows that, at this moment: dependents, or an owner that was to go after them. */
  async wronglyGone(): Promise<string | undefined> {
    const { items } = await this.#world.client.list(configmaps, { namespace })
    for (const { owner, uid, deletedBy } of this.#families) {
      if (deletedBy === 'Foreground' && !items.some(({ metadata }) => metadata.uid === uid)) {
        const left = items.find(({ metadata }) => metadata.name?.startsWith(`${owner}-`))
        if (left) return `${owner} is gone before ${left.metadata.name}`
      }
      if (deletedBy === 'Background' || deletedBy === 'Foreground') continue
      for (let index = 0; index < dependents; index++) {
        const name = `${owner}-${index}`
        const found = items.find(({ metadata }) => metadata.name === name)
        if (!found || found.metadata.deletionTimestamp !== undefined) return `${name} is gone`
      }
    }
    return undefined
  }

  async #found(owner: string): Promise<void> {
    const { client } = this.#world
    const { metadata } = await client.create(configmaps, { metadata: { namespace, name: owner } })
    const { uid = '' } = metadata
    this.#families.push({ owner, uid })
    const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid, blockOwnerDeletion: true }
    for (let index = 0; index < dependents; index++) {
      await client.create(configmaps, {
        metadata: { namespace, name: `${owner}-${index}`, ownerReferences: [reference] },
      })
    }
  }
}

function problemOf({ owner, uid, deletedBy }: Family, items: readonly ConfigMap[]): string | undefined {
  const isThere = items.some(({ metadata }) => metadata.uid === uid)
  if (isThere !== (deletedBy === undefined)) return isThere ? 'the owner is still there' : 'the owner is gone'
  const own = items.filter(({ metadata }) => metadata.name?.startsWith(`${owner}-`))
  const wanted = deletedBy === undefined || deletedBy === 'Orphan' ? dependents : 0
  if (own.length !== wanted) return `${own.length} dependents instead of ${wanted}`
  const owned = own.filter(({ metadata }) => metadata.ownerReferences?.some((reference) => reference.uid === uid))
  if (deletedBy === 'Orphan' && owned.length > 0) return `${owned.length} dependents still name it`
  return undefined
}
