import { messageOf } from '#base'
import type { KubeletConfiguration } from '../config/configuration.ts'
import { milliOf } from '../resources/lists.ts'
import { parseCpuSet } from './cpu-set.ts'
import { readStaticOptions } from './options.ts'
import { staticRules, type StaticRules } from './static-policy.ts'
import type { CpuTopology } from './topology.ts'

/**
 * Reads what the configuration says of who gets CPUs.
 *
 * @returns rules of the static policy; `undefined` for the policy that gives nobody any.
 * @throws Error when it is wrong or does not suit the machine.
 */
export function cpuRules(config: KubeletConfiguration, topology: CpuTopology): StaticRules | undefined {
  const { cpuManagerPolicy, cpuManagerPolicyOptions: options, systemReserved, kubeReserved } = config
  if (cpuManagerPolicy === 'none') {
    const listed = Object.keys(options)
      .sort()
      .map((name) => `${name}:${options[name]}`)
    if (listed.length === 0) return undefined
    throw new Error(`new none policy error: None policy: received unsupported options=map[${listed.join(' ')}]`)
  }
  const milli = milliOf(systemReserved, 'cpu') + milliOf(kubeReserved, 'cpu')
  if (milli === 0) throw new Error('[cpumanager] unable to determine reserved CPU resources for static policy')
  const reserved = { cpus: parseCpuSet(config.reservedSystemCPUs), count: Math.ceil(milli / 1000) }
  try {
    const read = readStaticOptions(options, config.featureGates)
    if (read.alignBySocket && config.topologyManagerPolicy === 'single-numa-node') {
      const both = 'single-numa-node policy is incompatible with CPUManager align-by-socket policy option'
      throw new Error(`Topolgy manager ${both}`)
    }
    return staticRules(topology, read, reserved)
  } catch (error) {
    throw new Error(`new static policy error: ${messageOf(error)}`, { cause: error })
  }
}
