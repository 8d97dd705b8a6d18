import { keepable } from '#base'
import { below } from './nested.ts'
import type { Level } from './nested.ts'

/** What a request on resources asks for, whatever the object. */
export interface AskedResource {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
}

/** Answers that are kept; more of them start over. */
const most = 8192

/**
 * Answers by what requests ask for, on resources and on other paths. Clients ask for whatever they like, so few answers
 * are kept, and none for what is long.
 */
export class AnswersByRequest<OnResource, OnPath = OnResource> {
  readonly #onResources: Level<Level<Level<Level<Level<OnResource>>>>> = new Map()
  readonly #onPaths: Level<Level<OnPath>> = new Map()
  #kept = 0

  ofResource({ verb, group, resource, subresource, namespace }: AskedResource): OnResource | undefined {
    return this.#onResources.get(verb)?.get(group)?.get(resource)?.get(subresource)?.get(namespace)
  }

  ofPath(verb: string, path: string): OnPath | undefined {
    return this.#onPaths.get(verb)?.get(path)
  }

  keepResource({ verb, group, resource, subresource, namespace }: AskedResource, answer: OnResource): void {
    const keys = allKeepable([verb, group, resource, subresource, namespace])
    if (!keys) return
    this.#makeRoom()
    const ofResource = below(below(below(this.#onResources, keys[0]), keys[1]), keys[2])
    below(ofResource, keys[3]).set(keys[4], answer)
  }

  keepPath(verb: string, path: string, answer: OnPath): void {
    const keys = allKeepable([verb, path])
    if (!keys) return
    this.#makeRoom()
    below(this.#onPaths, keys[0]).set(keys[1], answer)
  }

  #makeRoom(): void {
    if (this.#kept++ < most) return
    this.#kept = 1
    this.#onResources.clear()
    this.#onPaths.clear()
  }
}

/** Copies to keep, if all of the texts may be kept. */
function allKeepable<const T extends readonly string[]>(texts: T): T | undefined {
  const copies = texts.map((text) => keepable(text))
  return copies.includes(undefined) ? undefined : (copies as unknown as T)
}
