import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '#base'
import { readDockerConfig, type Logins } from '#kubelet'

const lifetimeMs = 5 * 60_000

/**
 * What the machine itself knows of registries, as docker keeps it: `config.json` in the agent's folder, in the working
 * directory, or in `.docker` at home or at the root; else `.dockercfg` in those places. Read again after five minutes.
 */
export function createNodeLogins(root: string, clock: Clock): () => Promise<Logins> {
  let known: { readonly logins: Promise<Logins>; readonly until: number } | undefined
  return () => {
    const now = clock.now()
    if (!known || now >= known.until) known = { logins: read(root), until: now + lifetimeMs }
    return known.logins
  }
}

async function read(root: string): Promise<Logins> {
  const places = [
    ...[root, '', join(homedir(), '.docker'), '/.docker'].map((folder) => [join(folder, 'config.json'), true] as const),
    ...[root, '', homedir(), '/'].map((folder) => [join(folder, '.dockercfg'), false] as const),
  ]
  for (const [path, isCurrent] of places) {
    try {
      return readDockerConfig(await readFile(path, 'utf8'), isCurrent)
    } catch {
      // It is not there, or is not readable as such: the next one counts.
    }
  }
  return {}
}
