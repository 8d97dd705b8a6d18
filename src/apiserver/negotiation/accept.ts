import { clausesOf, fits } from '#machinery'
import type { Clause } from '#machinery'

export type MediaType = 'application/json' | 'application/yaml' | 'application/vnd.kubernetes.protobuf'

/** What the caller wants instead of the object itself. */
export interface Conversion {
  readonly kind: string
  readonly group: string
  readonly version: string
}

/** How an answer goes out. */
export interface OutputFormat {
  readonly mediaType: MediaType
  readonly convert?: Conversion
  /** JSON with line breaks, for people. */
  readonly pretty: boolean
}

/** Which representations an endpoint has. */
export interface Restrictions {
  readonly mediaTypes: readonly MediaType[]
  /** Tables and partial metadata can be had, or the latter alone. */
  readonly convertible: boolean | 'metadata'
  /** Of the media types, those that objects as they are can be had in; all of them where this is absent. */
  readonly whole?: readonly MediaType[]
}

/** Every stored resource: all media types, tables, metadata alone. */
export const resourceRestrictions: Restrictions = {
  mediaTypes: ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'],
  convertible: true,
}

/** Custom resources: nobody wrote a message for their objects, so only what is said of them goes out as protobuf. */
export const customRestrictions: Restrictions = {
  ...resourceRestrictions,
  whole: ['application/json', 'application/yaml'],
}

/** Kinds that are answered and not kept: nobody makes tables of them. */
export const answeredRestrictions: Restrictions = { ...resourceRestrictions, convertible: 'metadata' }

/** Answers that are no API objects in the stricter sense: statuses, discovery. */
export const plainRestrictions: Restrictions = { mediaTypes: resourceRestrictions.mediaTypes, convertible: false }

/**
 * Chooses the representation for an `Accept` header: the first of its clauses, by quality, that the endpoint has.
 * `undefined` when there is none; an empty header takes JSON.
 */
export function negotiate(accept: string | undefined, restrictions: Restrictions): OutputFormat | undefined {
  if (accept === undefined || accept === '' || accept === 'application/json') return jsonFormat
  for (const clause of clausesOf(accept)) {
    for (const mediaType of restrictions.mediaTypes) {
      if (!fits(clause, mediaType)) continue
      const format = accepted(clause, mediaType, restrictions)
      if (format) return format
    }
  }
  return undefined
}

/** Whether some clause names, in full or by a star for everything, a representation that the endpoint has at all. */
export function hasRepresentation(accept: string | undefined, mediaTypes: readonly string[]): boolean {
  if (accept === undefined || accept === '' || accept === 'application/json') return true
  return accept.split(',').some((clause) => {
    const [media = ''] = clause.split(';', 1)
    return media.trim() === '*/*' || mediaTypes.some((type) => type === media.trim())
  })
}

const jsonFormat: OutputFormat = { mediaType: 'application/json', pretty: false }

function accepted(clause: Clause, mediaType: MediaType, restrictions: Restrictions): OutputFormat | undefined {
  const pretty = clause.parameters.get('pretty') === '1'
  const stream = clause.parameters.get('stream') ?? ''
  if (stream !== '' && (stream !== 'watch' || mediaType === 'application/yaml')) return undefined
  const kind = clause.parameters.get('as')
  const group = clause.parameters.get('g')
  const version = clause.parameters.get('v')
  const { convertible, whole } = restrictions
  if (kind === undefined && group === undefined && version === undefined)
    return whole?.includes(mediaType) === false ? undefined : { mediaType, pretty }
  const convert = { kind: kind ?? '', group: group ?? '', version: version ?? '' }
  if (!convertible || (convertible === 'metadata' && kind === 'Table')) return undefined
  return canConvert(convert, mediaType) ? { mediaType, convert, pretty } : undefined
}

function canConvert({ kind, group, version }: Conversion, mediaType: MediaType): boolean {
  if (group !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return false
  if (kind === 'Table') return mediaType !== 'application/vnd.kubernetes.protobuf'
  return kind === 'PartialObjectMetadata' || kind === 'PartialObjectMetadataList'
}
