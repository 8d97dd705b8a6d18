import { unknownResource } from '#machinery'
import type { NonResourceHandler } from '../chain/routes.ts'
import { methodNotAllowed } from '../handler/dispatch.ts'
import { requireRepresentation } from '../handler/respond.ts'

/** The release whose API the server speaks, and its own build, as `/version` tells them. */
export const versionInfo = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.2',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'tsc',
  platform: 'linux/amd64',
} as const

const bytes = new TextEncoder().encode(JSON.stringify(versionInfo, undefined, 2))

/** `/version`. */
export const versionHandler: NonResourceHandler = (context) => {
  const { path } = context.info
  if (path.startsWith('/version/') && path !== '/version/') throw unknownResource()
  if (path !== '/version' && path !== '/version/') return undefined
  if (context.request.method !== 'GET') throw methodNotAllowed()
  requireRepresentation(context, ['application/json'])
  return { kind: 'bytes', code: 200, contentType: 'application/json', bytes }
}
