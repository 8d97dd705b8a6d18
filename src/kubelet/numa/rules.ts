import type { KubeletConfiguration } from '../config/configuration.ts'
import { flagOf } from '../cpus/options.ts'
import type { NumaNode, TopologyRules } from './hints.ts'

/** NUMA nodes up to which all choices among them can be tried. */
const defaultMost = 8

/** Reads what the configuration says of NUMA nodes. @throws Error when it is wrong or does not suit the machine. */
export function topologyRules(config: KubeletConfiguration, nodes: readonly NumaNode[]): TopologyRules {
  const { topologyManagerPolicy: policy, topologyManagerPolicyOptions } = config
  let [preferClosest, most] = [false, defaultMost]
  if (policy === 'none') return { policy, nodes, preferClosest }
  for (const [name, value] of Object.entries(topologyManagerPolicyOptions)) {
    if (name === 'prefer-closest-numa-nodes') preferClosest = flagOf(name, value)
    else if (name === 'max-allowable-numa-nodes') most = mostOf(name, value)
    else throw new Error(`unknown Topology Manager Policy option: ${JSON.stringify(name)}`)
  }
  if (nodes.length > most) throw new Error(`unsupported on machines with more than ${most} NUMA Nodes`)
  return { policy, nodes, preferClosest }
}

function mostOf(name: string, value: string): number {
  const quoted = JSON.stringify(name)
  if (!/^[+-]?\d+$/.test(value)) {
    const why = `strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`
    throw new Error(`unable to convert policy option to integer ${quoted}: ${why}`)
  }
  if (Number(value) >= defaultMost) return Number(value)
  throw new Error(`the minimum value of ${quoted} should not be less than ${defaultMost}`)
}
