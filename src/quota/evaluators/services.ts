import type { Service } from '#api/core/v1'
import { Quantity } from '#machinery'
import { one } from '../amounts.ts'
import { countName } from '../evaluator.ts'
import type { QuotaEvaluator } from '../evaluator.ts'

const count = countName('', 'services')
const names: ReadonlySet<string> = new Set([count, 'services', 'services.nodeports', 'services.loadbalancers'])

export const serviceEvaluator: QuotaEvaluator = {
  handles: ({ subresource }) => subresource === '',
  covers: (name) => names.has(name),
  usage(object) {
    const { spec } = object as Service
    return new Map([
      [count, one],
      ['services', one],
      ['services.loadbalancers', spec.type === 'LoadBalancer' ? one : Quantity.zero],
      ['services.nodeports', Quantity.of(nodePorts(spec))],
    ])
  },
}

function nodePorts({ type, ports = [], allocateLoadBalancerNodePorts }: Service['spec']): number {
  if (type === 'NodePort') return ports.length
  if (type !== 'LoadBalancer') return 0
  return allocateLoadBalancerNodePorts === false ? ports.filter(({ nodePort }) => nodePort).length : ports.length
}
