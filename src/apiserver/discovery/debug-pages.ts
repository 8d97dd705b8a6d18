import type { NonResourceHandler } from '../chain/handler.ts'
import { versionInfo } from './version.ts'

const encoder = new TextEncoder()

const warning =
  'Warning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.'

/** `/statusz` and `/flagz`: pages for people (KEP-4827, KEP-4828). */
export function createDebugPages(
  started: number,
  flags: { readonly [flag: string]: string | undefined },
): NonResourceHandler {
  const flagLines = Object.entries(flags).map(([flag, value]) => `${flag}:${value ?? ''}`)
  return ({ info: { path }, clock }) => {
    if (path === '/flagz') return page('flagz', [warning, ...flagLines.sort()])
    if (path !== '/statusz') return undefined
    const up = Math.floor((clock.now() - started) / 1000)
    return page('statusz', [
      warning,
      '',
      `Started= ${new Date(started).toUTCString()}`,
      `Up= ${Math.floor(up / 3600)} hr ${String(Math.floor(up / 60) % 60).padStart(2, '0')} min ${up % 60} sec`,
      `Binary version= ${versionInfo.gitVersion.slice(1)}`,
      `Emulation version= ${versionInfo.emulationMajor}.${versionInfo.emulationMinor}`,
      'Paths= /flagz /healthz /livez /metrics /readyz /statusz /version',
    ])
  }
}

function page(name: string, lines: readonly string[]): ReturnType<NonResourceHandler> {
  const bytes = encoder.encode(`\napiserver ${name}\n${lines.join('\n')}\n`)
  return { kind: 'bytes', code: 200, contentType: 'text/plain; charset=utf-8', bytes }
}
