import { quote } from '../errors/quote.ts'

/** A check of a component's health by its name, and why it fails; `undefined` for one that passed. */
export interface CheckedHealth {
  readonly name: string
  readonly problem: string | undefined
}

export interface HealthQuery {
  /** `healthz`, `livez` or `readyz`. */
  readonly endpoint: string
  readonly query: URLSearchParams
  /** Hears what became of each check that counts. */
  readonly record?: (name: string, endpoint: string, healthy: boolean) => void
}

export interface HealthAnswer {
  readonly code: 200 | 500
  readonly text: string
}

/** The health of a whole: `ok`, each check by `?verbose`, and who failed without why. `?exclude` leaves checks out. */
export function wholeHealth(checks: readonly CheckedHealth[], { endpoint, query, record }: HealthQuery): HealthAnswer {
  const excluded = new Set(query.getAll('exclude'))
  const unknown = [...excluded].filter((name) => !checks.some((check) => check.name === name)).sort()
  let report = ''
  let failed = false
  for (const { name, problem } of checks) {
    if (excluded.has(name)) {
      report += `[+]${name} excluded: ok\n`
      continue
    }
    record?.(name, endpoint, problem === undefined)
    report += problem === undefined ? `[+]${name} ok\n` : `[-]${name} failed: reason withheld\n`
    failed ||= problem !== undefined
  }
  if (unknown.length > 0)
    report += `warn: some health checks cannot be excluded: no matches for ${unknown.map(quote).join(', ')}\n`
  if (failed) return { code: 500, text: `${report}${endpoint} check failed\n` }
  return { code: 200, text: query.has('verbose') ? `${report}${endpoint} check passed\n` : 'ok' }
}

/** The health of one check. */
export function oneHealth({ problem }: CheckedHealth): HealthAnswer {
  return problem === undefined ? { code: 200, text: 'ok' } : { code: 500, text: `internal server error: ${problem}\n` }
}
