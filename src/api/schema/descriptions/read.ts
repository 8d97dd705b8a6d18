import type { TypeDescription } from '../descriptions.ts'

const prefixes: { readonly [short: string]: string } = {
  admission: 'io.k8s.api.admissionregistration.v1.',
  apiregistration: 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.',
  apps: 'io.k8s.api.apps.v1.',
  authentication: 'io.k8s.api.authentication.v1.',
  authorization: 'io.k8s.api.authorization.v1.',
  autoscaling: 'io.k8s.api.autoscaling.v2.',
  autoscalingV1: 'io.k8s.api.autoscaling.v1.',
  batch: 'io.k8s.api.batch.v1.',
  certificates: 'io.k8s.api.certificates.v1.',
  coordination: 'io.k8s.api.coordination.v1.',
  core: 'io.k8s.api.core.v1.',
  discovery: 'io.k8s.api.discovery.v1.',
  events: 'io.k8s.api.events.v1.',
  extensions: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.',
  flow: 'io.k8s.api.flowcontrol.v1.',
  meta: 'io.k8s.apimachinery.pkg.apis.meta.v1.',
  metrics: 'io.k8s.metrics.pkg.apis.metrics.v1beta1.',
  net: 'io.k8s.api.networking.v1.',
  node: 'io.k8s.api.node.v1.',
  policy: 'io.k8s.api.policy.v1.',
  rbac: 'io.k8s.api.rbac.v1.',
  resource: 'io.k8s.api.resource.v1.',
  scheduling: 'io.k8s.api.scheduling.v1.',
  storage: 'io.k8s.api.storage.v1.',
}

/**
 * Descriptions of types in the form in which they are written: a line `@group.Type text` for each, and one `field text` for
 * each of its fields.
 *
 * @throws Error naming the type when it is described twice, or belongs to no group that is known here.
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
    const prefix = prefixes[group]
    const definition = `${prefix}${type}`
    if (prefix === undefined || into.has(definition)) throw new Error(`${name} is of no group, or described twice`)
    fields = {}
    into.set(definition, { text: description, fields })
  }
}
