import { urlProblem } from '#machinery'
import type { Credential, CredentialSource } from './credential.ts'
import { locationCovers, locationKey } from './location.ts'
import { authOf, type Logins } from './logins.ts'

const dockerHub = 'index.docker.io'

/** Credentials by the location that they open. */
export class Keyring {
  readonly #byLocation = new Map<string, Credential[]>()

  /** Locations that can't be read open nothing. */
  add(logins: Logins, source: CredentialSource): void {
    for (const [location, login] of Object.entries(logins)) {
      if (urlProblem(/^https?:\/\//.test(location) ? location : `https://${location}`) !== undefined) continue
      const key = locationKey(location)
      const found = this.#byLocation.get(key) ?? []
      this.#byLocation.set(key, [...found, { auth: authOf(login), source }])
    }
  }

  /** Credentials that may open a repository, those of the most specific location first. */
  lookup(repository: string): readonly Credential[] {
    const keys = [...this.#byLocation.keys()].sort().reverse()
    const matching = keys
      .filter((key) => locationCovers(key, repository))
      .flatMap((key) => this.#byLocation.get(key) ?? [])
    if (matching.length > 0) return matching
    return repository.startsWith('docker.io/') ? (this.#byLocation.get(dockerHub) ?? []) : []
  }
}
