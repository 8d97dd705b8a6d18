import { plainJson } from '#machinery'
import type { AdmissionAttributes } from './admission.ts'

/** What is known of one request between two rounds of the chain: who changed the object, and who has not seen it since. */
export class Rounds {
  /** Something changed that other plugins may want to see. */
  changed = false
  #round = -1
  /** Those that want to act again when others changed the object after them. */
  readonly #repeatable = new Set<string>()
  /** Those of them that have to. */
  readonly #due = new Set<string>()
  /** The object as the last of them left it. */
  #left: string | undefined

  /** The round that is under way, from 0 on. */
  get round(): number {
    return this.#round
  }

  begin(object: object | undefined): void {
    this.#round++
    this.changed = false
    if (this.#round > 0 && this.#repeatable.size > 0 && this.#left !== plainJson(object)) this.#require()
  }

  /** Whether whoever goes by this key has to act in this round. */
  isDue(key: string): boolean {
    return this.#round === 0 || this.#due.has(key)
  }

  /** Somebody changed the object: those before have not seen that. */
  changedBy(): void {
    this.#require()
    this.changed = true
  }

  mayRepeat(key: string): void {
    this.#repeatable.add(key)
  }

  /** Only those who may act again need to know what has changed since. */
  end(object: object | undefined): void {
    if (this.#repeatable.size > 0) this.#left = plainJson(object)
  }

  #require(): void {
    for (const key of this.#repeatable) this.#due.add(key)
    this.#repeatable.clear()
  }
}

/** The rounds of every request that a plugin changes objects of. */
export class RoundsByRequest {
  readonly #rounds = new WeakMap<AdmissionAttributes, Rounds>()

  of(attributes: AdmissionAttributes): Rounds {
    let rounds = this.#rounds.get(attributes)
    if (!rounds) this.#rounds.set(attributes, (rounds = new Rounds()))
    return rounds
  }

  wantsAnother(attributes: AdmissionAttributes): boolean {
    return this.#rounds.get(attributes)?.changed === true
  }
}
