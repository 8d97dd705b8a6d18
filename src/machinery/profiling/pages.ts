import { quote } from '../errors/quote.ts'
import { encodeText } from '../text/utf8.ts'
import type { Profiler } from './profiler.ts'

/** What is asked of such a page. */
export interface DebugRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  /** Reads the body. @throws Error when it is longer than so many bytes */
  readonly body: (limit: number) => Promise<Uint8Array>
}

export interface DebugAnswer {
  readonly code: number
  readonly headers: { readonly [name: string]: string }
  readonly contentType: string
  readonly bytes: Uint8Array
}

const root = '/debug/pprof'
const plain = 'text/plain; charset=utf-8'
const html = 'text/html; charset=utf-8'
const usualSeconds = 30n

/** What a profile is of. Those that a Go program has besides are of things that this process has not. */
const descriptions: { readonly [profile: string]: string } = {
  allocs: 'What was put on the heap in the time that the GET parameter seconds says, and lives on',
  heap: 'What lives on the heap, by its spaces; the GET parameter gc has garbage collected before',
  profile: 'Where the processor was, for as many seconds as the GET parameter seconds says, 30 if it says nothing',
  symbol: 'Names of functions by their addresses, of which there are none: profiles have names in them',
}

/**
 * `/debug/pprof`: profiles of the running process, as `go tool pprof` reads them. It answers whatever the method.
 */
export async function profilePage(profiler: Profiler, asked: DebugRequest): Promise<DebugAnswer | undefined> {
  const { path } = asked
  if (path === root) return redirect(`${root}/`, asked)
  if (!path.startsWith(`${root}/`)) return undefined
  return answer(path.slice(root.length + 1), profiler, asked)
}

function answer(name: string, profiler: Profiler, asked: DebugRequest): DebugAnswer | Promise<DebugAnswer> {
  const { query, signal } = asked
  switch (name) {
    case '':
      return page(200, html, indexPage())
    case 'profile': {
      const seconds = wholeNumber(query.get('seconds')) ?? 0n
      const time = Number(seconds > 0n ? seconds : usualSeconds)
      return attached(name, () => profiler.processor(time, signal), 'Could not enable CPU profiling')
    }
    case 'symbol':
      return page(200, plain, 'num_symbols: 0\n')
    case 'heap':
    case 'allocs':
      return ofHeap(name, profiler, asked)
    default:
      return failure(404, 'Unknown profile')
  }
}

function ofHeap(
  name: 'heap' | 'allocs',
  profiler: Profiler,
  { query, signal }: DebugRequest,
): DebugAnswer | Promise<DebugAnswer> {
  const wanted = query.get('seconds') ?? ''
  if (wanted !== '') {
    const seconds = wholeNumber(wanted)
    if (seconds === undefined || seconds <= 0n)
      return failure(400, 'invalid value for "seconds" - must be a positive integer')
    if ((wholeNumber(query.get('debug')) ?? 0n) !== 0n) return failure(400, 'seconds and debug params are incompatible')
    const profile = (): Promise<Uint8Array> => profiler.allocations(Number(seconds), signal)
    return attached(`${name}-delta`, profile, 'failed to collect profile')
  }
  // Nobody notes what is put on the heap, unless asked to.
  if (name === 'allocs') return failure(400, 'invalid value for "seconds" - must be a positive integer')
  return attached(name, () => profiler.heap((wholeNumber(query.get('gc')) ?? 0n) > 0n), 'failed to collect profile')
}

/** An integer of 64 bits, as it is written. */
function wholeNumber(text: string | null): bigint | undefined {
  if (text === null || !/^[+-]?\d{1,19}$/.test(text)) return undefined
  const value = BigInt(text.replace('+', ''))
  return BigInt.asIntN(64, value) === value ? value : undefined
}

async function attached(name: string, profile: () => Promise<Uint8Array>, failed: string): Promise<DebugAnswer> {
  try {
    const headers = { ...unsniffed, 'content-disposition': `attachment; filename="${name}"` }
    return { code: 200, headers, contentType: 'application/octet-stream', bytes: await profile() }
  } catch (error) {
    return failure(500, `${failed}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const unsniffed: DebugAnswer['headers'] = { 'x-content-type-options': 'nosniff' }

const page = (code: number, contentType: string, text: string, headers = unsniffed): DebugAnswer => ({
  code,
  headers,
  contentType,
  bytes: encodeText(text),
})

const failure = (code: number, text: string): DebugAnswer =>
  page(code, plain, `${text}\n`, { ...unsniffed, 'x-go-pprof': '1' })

function redirect(location: string, { method }: DebugRequest): DebugAnswer {
  const reads = method === 'GET' || method === 'HEAD'
  const text = reads ? `<a href="${location}">Found</a>.\n\n` : ''
  return page(302, reads ? html : '', text, { location })
}

function indexPage(): string {
  const rows = Object.entries(descriptions).map(
    ([name, description]) => `<tr><td><a href='${name}'>${name}</a></td><td>${description}</td></tr>\n`,
  )
  return `<html>\n<head>\n<title>${root}/</title>\n</head>\n<body>\n${root}/\n<table>\n${rows.join('')}</table>\n</body>\n</html>\n`
}

const flags = '/debug/flags'
/** Bytes. */
const longestSetting = 1024

/** `/debug/flags`: flags that may change while the server runs, of which there is one. */
export async function flagPage(profiler: Profiler, asked: DebugRequest): Promise<DebugAnswer | undefined> {
  const { method, path, body } = asked
  if (path === `${flags}/v`) {
    if (method !== 'PUT') return setting(406, 'unsupported http method')
    const text = new TextDecoder().decode(await body(longestSetting))
    const level = wholeNumber(text)
    if (level === undefined || BigInt.asIntN(32, level) !== level) {
      const why = /^[+-]?\d+$/.test(text) ? 'value out of range' : 'invalid syntax'
      return setting(400, `failed set klog.logging.verbosity ${text}: strconv.ParseInt: parsing ${quote(text)}: ${why}`)
    }
    profiler.setVerbosity(Number(level))
    return setting(200, `successfully set klog.logging.verbosity to ${text}`)
  }
  if (path !== flags && !path.startsWith(`${flags}/`)) return undefined
  return page(200, html, flagsPage, {})
}

const setting = (code: number, text: string): DebugAnswer => page(code, 'text/plain', `${text}\n`)

const flagsPage = `<html>
<head>
<title>${flags}/</title>
</head>
<body>
${flags}/<br>
<br>
flags:<br>
<table>
<tr>v<br>
</table>
<br>
full flags configurable<br>
</body>
</html>
`
