import type { ApiResponse } from '#client'
import { encodeJson, encodeText, encodeYaml, notAcceptable, prettyJson } from '#machinery'
import type { NonResourceHandler } from '../chain/routes.ts'
import { clausesOf, fits, wantsPretty } from '../negotiation/accept.ts'
import type { Clause } from '../negotiation/accept.ts'
import { timestamp } from '../registry/metadata.ts'
import type { RequestContext } from '../request/context.ts'
import { versionInfo } from './version.ts'

const warning =
  'Warning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.'

const group = 'config.k8s.io'
const currentVersion = 'v1beta1'
const formerVersion = 'v1alpha1'
const structured = ['application/json', 'application/yaml'] as const
const text = 'text/plain'

/** A page, for people and as an object of `config.k8s.io`. */
interface Page {
  readonly name: string
  readonly kind: string
  /** Lines below the head. */
  lines(context: RequestContext): readonly string[]
  /** Fields of the object. */
  fields(context: RequestContext): object
}

/** `/statusz` and `/flagz` (KEP-4827, KEP-4828). */
export function createDebugPages(
  started: number,
  flags: { readonly [flag: string]: string | undefined },
): NonResourceHandler {
  const pages = new Map([
    ['/statusz', statusPage(started)],
    ['/flagz', flagPage(flags)],
  ])
  return (context) => {
    const page = pages.get(context.info.path)
    return page && answer(page, context)
  }
}

function answer(page: Page, context: RequestContext): ApiResponse {
  const form = formFor(page, context.request.headers['accept'] ?? '')
  if (!form) throw notAcceptable(`only the following media types are accepted: ${[...structured, text].join(', ')}`)
  const { name, kind } = page
  if (form === text) {
    const bytes = encodeText(`\napiserver ${name}\n${[warning, ...page.lines(context)].join('\n')}\n`)
    return { kind: 'bytes', code: 200, contentType: 'text/plain; charset=utf-8', bytes }
  }
  const { mediaType, version } = form
  if (version === formerVersion)
    context.warnings.add(`This version of the ${name} endpoint is deprecated. Please use a newer version.`)
  const metadata = { name: 'apiserver' }
  const object = { kind, apiVersion: `${group}/${version}`, metadata, ...page.fields(context) }
  const contentType = `${mediaType};g=${group};v=${version};as=${kind}`
  return { kind: 'bytes', code: 200, contentType, bytes: written(object, mediaType, context) }
}

function written(object: object, mediaType: (typeof structured)[number], context: RequestContext): Uint8Array {
  if (mediaType === 'application/yaml') return encodeYaml(object)
  const pretty = wantsPretty(context.query, context.request.headers['user-agent'] ?? '')
  return encodeText(pretty ? prettyJson(object) : `${encodeJson(object)}\n`)
}

type Form = typeof text | { readonly mediaType: (typeof structured)[number]; readonly version: string }

/** Objects are for those who name their kind; everybody else gets text. */
function formFor({ kind }: Page, accept: string): Form | undefined {
  if (accept === '') return text
  for (const clause of clausesOf(accept)) {
    const { parameters } = clause
    const version = parameters.get('v') ?? ''
    const isNamed = parameters.get('as') === kind && parameters.get('g') === group
    const mediaType = structured.find((each) => fits(clause, each))
    if (mediaType && isNamed && [currentVersion, formerVersion].includes(version)) return { mediaType, version }
    if (isPlain(clause)) return text
  }
  return undefined
}

function isPlain(clause: Clause): boolean {
  return fits(clause, text) && ['as', 'g', 'v'].every((parameter) => !clause.parameters.has(parameter))
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const paths = ['/flagz', '/healthz', '/livez', '/metrics', '/readyz', '/statusz', '/version']

function statusPage(started: number): Page {
  const binaryVersion = versionInfo.gitVersion.slice(1)
  const emulationVersion = `${versionInfo.emulationMajor}.${versionInfo.emulationMinor}`
  const { goVersion } = versionInfo
  const secondsUp = ({ clock }: RequestContext): number => Math.floor((clock.now() - started) / 1000)
  return {
    name: 'statusz',
    kind: 'Statusz',
    lines(context) {
      const up = secondsUp(context)
      const parts = [Math.floor(up / 3600), String(Math.floor(up / 60) % 60).padStart(2, '0'), up % 60]
      return [
        '',
        `Started: ${unixDate(new Date(started))}`,
        `Up: ${parts[0]} hr ${parts[1]} min ${parts[2]} sec`,
        `Go version: ${goVersion}`,
        `Binary version: ${binaryVersion}`,
        `Emulation version: ${emulationVersion}`,
        `Paths: ${paths.join(' ')}`,
      ]
    },
    fields: (context) => ({
      startTime: timestamp(started),
      uptimeSeconds: secondsUp(context),
      goVersion,
      binaryVersion,
      emulationVersion,
      paths,
    }),
  }
}

/** `Sat Nov 21 20:35:15 UTC 2026` */
function unixDate(date: Date): string {
  const day = `${days[date.getUTCDay()]} ${months[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)}`
  return `${day} ${date.toISOString().slice(11, 19)} UTC ${date.getUTCFullYear()}`
}

function flagPage(given: { readonly [flag: string]: string | undefined }): Page {
  const flags = Object.fromEntries(
    Object.entries(given)
      .map(([flag, value]) => [flag, value ?? ''] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
  return {
    name: 'flagz',
    kind: 'Flagz',
    lines: () => Object.entries(flags).map(([flag, value]) => `${flag}:${value}`),
    fields: () => ({ flags }),
  }
}
