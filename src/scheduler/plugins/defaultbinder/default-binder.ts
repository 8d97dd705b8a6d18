import { messageOf } from '#base'
import { pods } from '#api/core/v1'
import type { Binding } from '#api/core/v1'
import type { Plugin, PluginContext } from '../../framework/plugin.ts'
import { failed } from '../../framework/status.ts'
import { names } from '../names.ts'

/** Binds through the pod's `binding` subresource. */
export function createDefaultBinder({ client }: Pick<PluginContext, 'client'>): Plugin {
  return {
    name: names.defaultBinder,
    async bind(_cycle, { pod }, node, signal) {
      const { name = '', namespace = '', uid } = pod.metadata
      const binding: Binding = {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, namespace, ...(uid === undefined ? {} : { uid }) },
        target: { kind: 'Node', name: node },
      }
      try {
        await client.createSubresource(pods, { namespace, name }, 'binding', binding, { signal })
        return undefined
      } catch (error) {
        return failed(names.defaultBinder, messageOf(error))
      }
    },
  }
}
