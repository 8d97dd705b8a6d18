import { apiVersionOf, groupVersions, linkTypes } from '#api'
import type { StructType } from '#api'

/** A resource as requests see it. */
export interface Target {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly kind: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly subresources: readonly {
    readonly name: string
    readonly verbs: readonly string[]
    readonly struct: StructType | undefined
  }[]
  readonly struct: StructType | undefined
}

const all = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
const types = linkTypes(groupVersions)

function structOf(name: string): StructType | undefined {
  const type = types.get(name)
  return type?.kind === 'struct' ? type : undefined
}

const subresourceStruct = (place: string, kind: string): StructType | undefined =>
  [place, 'core/v1', 'autoscaling/v1', 'policy/v1', 'authentication/v1']
    .map((each) => structOf(`${each}.${kind}`))
    .find((found) => found)

/** Every resource of the API data that is served by default. */
export const builtin: readonly Target[] = [...groupVersions].flatMap(([place, data]) =>
  Object.entries(data.resources)
    .filter(([, resource]) => resource.enabledByDefault !== false)
    .map(([plural, resource]) => ({
      group: data.group,
      version: data.version,
      plural,
      kind: resource.kind,
      namespaced: !resource.clusterScoped,
      verbs: resource.verbs ?? all,
      struct: structOf(`${place}.${resource.kind}`),
      subresources: Object.entries(resource.subresources ?? {}).map(([name, { verbs, kind }]) => ({
        name,
        verbs,
        struct: kind === undefined ? structOf(`${place}.${resource.kind}`) : subresourceStruct(place, kind),
      })),
    })),
)

export const customGroup = 'fuzz.example'

/** Resources of the definitions that requests write; they are there or not. */
export const custom: readonly Target[] = ['widgets', 'gadgets'].map((plural) => ({
  group: customGroup,
  version: 'v1',
  plural,
  kind: plural === 'widgets' ? 'Widget' : 'Gadget',
  namespaced: plural === 'widgets',
  verbs: all,
  struct: undefined,
  subresources: ['status', 'scale'].map((name) => ({
    name,
    verbs: ['get', 'patch', 'update'],
    struct: name === 'scale' ? structOf('autoscaling/v1.Scale') : undefined,
  })),
}))

export const versionText = ({ group, version }: Target): string => apiVersionOf({ group, version })

export function collectionPath({ group, version, plural, namespaced }: Target, namespace: string): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  return namespaced && namespace !== '' ? `${root}/namespaces/${namespace}/${plural}` : `${root}/${plural}`
}
