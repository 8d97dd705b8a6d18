import type { TypeDescription } from '../descriptions.ts'

const prefixes: { readonly [short: string]: string } = {
  admission: 'io.k8s.api.admissionregistration.v1.',
  core: 'io.k8s.api.core.v1.',
  apps: 'io.k8s.api.apps.v1.',
  batch: 'io.k8s.api.batch.v1.',
  autoscaling: 'io.k8s.api.autoscaling.v2.',
  policy: 'io.k8s.api.policy.v1.',
  storage: 'io.k8s.api.storage.v1.',
  net: 'io.k8s.api.networking.v1.',
  meta: 'io.k8s.apimachinery.pkg.apis.meta.v1.',
  rbac: 'io.k8s.api.rbac.v1.',
  discovery: 'io.k8s.api.discovery.v1.',
  events: 'io.k8s.api.events.v1.',
  flow: 'io.k8s.api.flowcontrol.v1.',
  node: 'io.k8s.api.node.v1.',
  resource: 'io.k8s.api.resource.v1.',
  scheduling: 'io.k8s.api.scheduling.v1.',
}

/**
 * Descriptions of types in the form in which they are written: a line `@group.Type text` for each, and one `field text` for
 * each of its fields.
 */
export function readDescriptions(text: string, into: Map<string, TypeDescription>): void {
  let fields: { [field: string]: string } = {}
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ')
    if (space < 0) continue
    const [name, description] = [line.slice(0, space), line.slice(space + 1)]
    if (!name.startsWith('@')) {
      fields[name] = description
      continue
    }
    const [group = '', type = ''] = name.slice(1).split('.')
    fields = {}
    into.set(`${prefixes[group] ?? ''}${type}`, { text: description, fields })
  }
}
