import type { NonResourceHandler } from '../chain/routes.ts'
import type { HealthChecks } from '../health/checks.ts'
import { groupVersionText, orderedGroups } from './documents.ts'

const encoder = new TextEncoder()

const always = [
  '/.well-known/openid-configuration',
  '/api',
  '/api/v1',
  '/apis',
  '/apis/',
  '/flagz',
  '/metrics',
  '/metrics/slis',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/',
  '/openid/v1/jwks',
  '/statusz',
  '/version',
]

/** `/`: every path that the server answers. */
export function createRoot(checks: HealthChecks): NonResourceHandler {
  const health = Object.entries(checks).flatMap(([root, names]) => [
    `/${root}`,
    ...(names as HealthChecks['livez']).map(({ name }) => `/${root}/${name}`),
  ])
  return ({ info: { path }, services }) => {
    if (path !== '/' && path !== '/index.html') return undefined
    const groups = orderedGroups(services.resources).flatMap(({ name, versions }) => [
      `/apis/${name}`,
      ...versions.map((version) => `/apis/${groupVersionText(name, version)}`),
    ])
    const paths = [...always, ...health, ...groups].sort()
    const bytes = encoder.encode(JSON.stringify({ paths }, undefined, 2))
    return { kind: 'bytes', code: 200, contentType: 'application/json', bytes }
  }
}
