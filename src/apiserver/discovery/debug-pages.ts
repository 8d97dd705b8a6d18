import { answerZPage, flagzPage, statuszPage, wantsPretty } from '#machinery'
import type { NonResourceHandler } from '../chain/routes.ts'
import { versionInfo } from './version.ts'

const paths = ['/flagz', '/healthz', '/livez', '/metrics', '/readyz', '/statusz', '/version']

/** `/statusz` and `/flagz`. */
export function createDebugPages(
  started: number,
  flags: { readonly [flag: string]: string | undefined },
): NonResourceHandler {
  const pages = new Map([
    ['/statusz', statuszPage({ started, version: versionInfo.gitVersion, paths })],
    ['/flagz', flagzPage(flags)],
  ])
  return ({ info, request, query, clock, warnings }) => {
    const page = pages.get(info.path)
    if (!page) return undefined
    const pretty = wantsPretty(query, request.headers['user-agent'] ?? '')
    const asked = { accept: request.headers['accept'] ?? '', pretty, now: clock.now() }
    const { warning, ...answer } = answerZPage('apiserver', page, asked)
    if (warning !== undefined) warnings.add(warning)
    return { kind: 'bytes', code: 200, ...answer }
  }
}
