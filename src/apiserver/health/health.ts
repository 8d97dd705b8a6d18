import type { ApiResponse } from '#client'
import { quote } from '#machinery'
import type { NonResourceHandler } from '../chain/routes.ts'
import { plainText } from '../chain/plain.ts'
import type { RequestContext } from '../request/context.ts'
import type { HealthCheck, HealthChecks } from './checks.ts'

const encoder = new TextEncoder()
const words = 'text/plain; charset=utf-8'

/** Hears what became of a check. @param type the end point that was asked. */
type RecordHealth = (check: string, type: string, healthy: boolean) => void

/** `/healthz`, `/livez` and `/readyz`, whole and by check. */
export function createHealth(checks: HealthChecks, record?: RecordHealth): NonResourceHandler {
  const roots = new Map<string, readonly HealthCheck[]>(Object.entries(checks))
  return async (context) => {
    const { path } = context.info
    const slash = path.indexOf('/', 1)
    const root = slash < 0 ? path.slice(1) : path.slice(1, slash)
    const known = roots.get(root)
    if (!known) return undefined
    if (slash < 0) return all(root, known, context, record)
    const check = known.find(({ name }) => name === path.slice(slash + 1))
    return check && one(check)
  }
}

async function one(check: HealthCheck): Promise<ApiResponse> {
  const verdict = await check.check()
  if (verdict !== undefined) return plainText(500, `internal server error: ${verdict}`)
  return { kind: 'bytes', code: 200, contentType: words, bytes: encoder.encode('ok') }
}

async function all(
  root: string,
  checks: readonly HealthCheck[],
  { query, services }: RequestContext,
  record: RecordHealth | undefined,
): Promise<ApiResponse> {
  const excluded = new Set(query.getAll('exclude'))
  const unknown = new Set(excluded)
  const failed: string[] = []
  let report = ''
  for (const { name, check } of checks) {
    if (excluded.has(name)) {
      unknown.delete(name)
      report += `[+]${name} excluded: ok\n`
      continue
    }
    const verdict = await check()
    record?.(name, root, verdict === undefined)
    if (verdict === undefined) report += `[+]${name} ok\n`
    else {
      // The end point is public: why a check fails is for the log.
      report += `[-]${name} failed: reason withheld\n`
      services.logger.warn('Health check failed', { check: name, error: verdict })
      failed.push(name)
    }
  }
  if (unknown.size > 0) {
    const names = [...unknown].sort().map(quote).join(', ')
    report += `warn: some health checks cannot be excluded: no matches for ${names}\n`
  }
  if (failed.length > 0) return plainText(500, `${report}${root} check failed`)
  const text = query.has('verbose') ? `${report}${root} check passed\n` : 'ok'
  const headers = { 'x-content-type-options': 'nosniff' }
  return { kind: 'bytes', code: 200, contentType: words, headers, bytes: encoder.encode(text) }
}
