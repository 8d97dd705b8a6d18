import type { Node } from '#api/core/v1'
import { nodeProxy } from '../../../proxy/proxy.ts'
import { defaults } from '../../../resource/registration.ts'
import type { ResourceRegistration } from '../../../resource/registration.ts'
import { nodeColumns } from './columns.ts'
import { defaultNode, nodeStatusRules, nodeStrategy } from './strategy.ts'

export const nodesRegistration: ResourceRegistration = {
  place: 'core/v1',
  plural: 'nodes',
  prefix: '/registry/minions/',
  strategy: nodeStrategy,
  defaults: defaults<Node>(defaultNode),
  updates: { status: nodeStatusRules },
  columns: nodeColumns,
  connects: { proxy: nodeProxy },
}
