import { pathItem } from './model.ts'
import type { Content, PathItem } from './model.ts'
import { operationNames } from './operation-ids.ts'
import { versionDefinition } from './definitions.ts'

const meta = 'io.k8s.apimachinery.pkg.apis.meta.v1'
const json = ['application/json']
const media = [...json, 'application/yaml', 'application/vnd.kubernetes.protobuf']

function getter(path: string, id: string, tag: string, content: Content, types: readonly string[]): PathItem {
  const consumes = content === 'text' ? [] : types
  const operation = { method: 'get', id, tag, parameters: [], consumes, produces: types } as const
  return pathItem(path, [], [{ ...operation, answers: { 200: content } }])
}

/** `/apis/<group>/`: the versions of a group. */
export function groupPath(group: string): PathItem {
  const { infix, tag } = operationNames(group, '')
  const kind = { definition: `${meta}.${group === '' ? 'APIVersions' : 'APIGroup'}` }
  return group === ''
    ? getter('/api/', 'getCoreAPIVersions', 'core', kind, media)
    : getter(`/apis/${group}/`, `get${infix}APIGroup`, tag, kind, media)
}

/** `/apis/<group>/<version>/`: the resources of a group version. */
export function groupVersionPath(group: string, version: string): PathItem {
  const { infix, tag } = operationNames(group, version)
  const path = group === '' ? `/api/${version}/` : `/apis/${group}/${version}/`
  return getter(path, `get${infix}APIResources`, tag, { definition: `${meta}.APIResourceList` }, media)
}

/** Documents of their own that describe no group version, by their names in the index. */
export const standalone: { readonly [name: string]: readonly PathItem[] } = {
  '.well-known/openid-configuration': [
    getter(
      '/.well-known/openid-configuration/',
      'getServiceAccountIssuerOpenIDConfiguration',
      'WellKnown',
      'text',
      json,
    ),
  ],
  apis: [getter('/apis/', 'getAPIVersions', 'apis', { definition: `${meta}.APIGroupList` }, media)],
  'openid/v1/jwks': [
    getter('/openid/v1/jwks/', 'getServiceAccountIssuerOpenIDKeyset', 'openid', 'text', ['application/jwk-set+json']),
  ],
  version: [getter('/version/', 'getCodeVersion', 'version', { definition: versionDefinition }, json)],
}
