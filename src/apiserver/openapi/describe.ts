import { groupVersions } from '#api'
import type { Steps } from '#base'
import { parseGroupVersion } from '#machinery'
import { groupVersionOf } from '../resource/object-type.ts'
import type { Endpoint } from '../resource/resource.ts'
import { unservedGroupVersions } from '../resource/scheme.ts'
import { collectSchemas } from './collect.ts'
import { documentV2 } from './document-v2.ts'
import { customInfo, documentInfo, documentV3 } from './document-v3.ts'
import { endpointPaths } from './endpoint-paths.ts'
import type { JsonObject } from './json.ts'
import type { PathItem } from './model.ts'
import { groupPath, groupVersionPath, standalone } from './other-paths.ts'
import type { Place } from './schemas.ts'

/** What has a document of its own in OpenAPI 3: a group version, a group, or something else below its name. */
export interface Part {
  /** As the index has it: `apis/apps/v1`. */
  readonly name: string
  /** Absent where it is no group version. */
  readonly place?: Place
  readonly endpoints: readonly Endpoint[]
}

/** The OpenAPI 2 document of all parts together, made in steps. */
export function* describeV2(parts: readonly Part[]): Steps<JsonObject> {
  const paths: PathItem[] = []
  for (const part of parts) {
    paths.push(...pathsOf(part))
    yield
  }
  const endpoints = parts.flatMap((part) => part.endpoints)
  return yield* documentV2(paths, yield* collectSchemas(paths, endpoints, 'v2', knownPlaces()))
}

/** The OpenAPI 3 document of a part, made in steps. */
export function* describeV3(part: Part): Steps<JsonObject> {
  const { place, endpoints } = part
  const paths = pathsOf(part)
  yield
  const shared = { group: '', version: 'v1' }
  const places = !place || place.group === '' ? [shared] : [shared, place]
  const info = isCustom(endpoints) ? customInfo : documentInfo
  return yield* documentV3(info, paths, yield* collectSchemas(paths, endpoints, 'v3', places))
}

/** Custom resources are described without the group versions they make up. */
export function isCustom(endpoints: readonly Endpoint[]): boolean {
  return endpoints.length > 0 && endpoints.every(({ definition }) => definition !== undefined)
}

function pathsOf({ name, place, endpoints }: Part): readonly PathItem[] {
  if (!place) return standalone[name] ?? [groupPath(name === 'api' ? '' : name.slice('apis/'.length))]
  const paths = endpoints.flatMap(endpointPaths)
  return isCustom(endpoints) ? paths : [groupVersionPath(place.group, place.version), ...paths]
}

/** Groups that only have what is said about the API itself. */
const apart = new Set([
  'apidiscovery.k8s.io',
  'apiserver.config.k8s.io',
  'audit.k8s.io',
  'meta.k8s.io',
  'metrics.k8s.io',
])

/** Every group version that objects may name, served or not, in order. */
function knownPlaces(): readonly Place[] {
  const served = [...groupVersions.values()].filter(({ group }) => !apart.has(group))
  const all = new Set([...served.map(groupVersionOf), ...unservedGroupVersions()])
  return [...all].map(parseGroupVersion).sort((a, b) => compare(a.group, b.group) || compare(a.version, b.version))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
