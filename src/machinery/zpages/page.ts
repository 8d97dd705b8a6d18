import { encodeJson, prettyJson } from '../codec/json/encode.ts'
import { encodeYaml } from '../codec/yaml/encode.ts'
import { notAcceptable } from '../errors/reasons.ts'
import { clausesOf, fits } from '../negotiation/accept.ts'
import type { Clause } from '../negotiation/accept.ts'
import { encodeText } from '../text/utf8.ts'

const caution =
  'Warning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.'

const group = 'config.k8s.io'
const currentVersion = 'v1beta1'
const formerVersion = 'v1alpha1'
const structured = ['application/json', 'application/yaml'] as const
const text = 'text/plain'

/** A page that a component shows of itself, for people and as an object of `config.k8s.io`. */
export interface ZPage {
  readonly name: string
  readonly kind: string
  /** Lines below the head. @param now milliseconds since 1970. */
  lines(now: number): readonly string[]
  /** Fields of the object. */
  fields(now: number): object
}

export interface ZPageRequest {
  readonly accept: string
  /** JSON with line breaks, for people. */
  readonly pretty: boolean
  /** Milliseconds since 1970. */
  readonly now: number
}

export interface ZPageAnswer {
  readonly contentType: string
  readonly bytes: Uint8Array
  /** What whoever asked should know. */
  readonly warning?: string
}

/**
 * `/statusz` or `/flagz` of a component (KEP-4827, KEP-4828).
 *
 * @throws StatusError when it can't be had in the form that is asked for.
 */
export function answerZPage(component: string, page: ZPage, { accept, pretty, now }: ZPageRequest): ZPageAnswer {
  const form = formFor(page, accept)
  if (!form) throw notAcceptable(`only the following media types are accepted: ${[...structured, text].join(', ')}`)
  const { name, kind } = page
  if (form === text) {
    const lines = [`${component} ${name}`, caution, ...page.lines(now)]
    return { contentType: 'text/plain; charset=utf-8', bytes: encodeText(`\n${lines.join('\n')}\n`) }
  }
  const { mediaType, version } = form
  const object = { kind, apiVersion: `${group}/${version}`, metadata: { name: component }, ...page.fields(now) }
  const json = (): Uint8Array => encodeText(pretty ? prettyJson(object) : `${encodeJson(object)}\n`)
  return {
    contentType: `${mediaType};g=${group};v=${version};as=${kind}`,
    bytes: mediaType === 'application/yaml' ? encodeYaml(object) : json(),
    ...(version === formerVersion && {
      warning: `This version of the ${name} endpoint is deprecated. Please use a newer version.`,
    }),
  }
}

type Form = typeof text | { readonly mediaType: (typeof structured)[number]; readonly version: string }

/** Objects are for those who name their kind; everybody else gets text. */
function formFor({ kind }: ZPage, accept: string): Form | undefined {
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
