import type { InterfaceUsage } from '../seams/measures.ts'
import type { Family, Labels } from './exposition.ts'

/** A pod and its network. */
export interface NetworkRow {
  readonly labels: Labels
  readonly interfaces: readonly InterfaceUsage[]
}

const words = {
  rx: { name: 'receive', done: 'received', doing: 'receiving' },
  tx: { name: 'transmit', done: 'transmitted', doing: 'transmitting' },
} as const

/** What went through the networks of pods, under the names that dashboards know. */
export function networkFamilies(rows: readonly NetworkRow[]): Family[] {
  return (['rx', 'tx'] as const).flatMap((way) => {
    const { name, done, doing } = words[way]
    const counter = (
      what: string,
      help: string,
      field: `${typeof way}${'Bytes' | 'Errors' | 'Packets' | 'Dropped'}`,
    ): Family => ({
      name: `container_network_${name}_${what}_total`,
      type: 'counter',
      help,
      samples: rows.flatMap(({ labels, interfaces }) =>
        interfaces.map((each) => ({ labels: { ...labels, interface: each.name }, value: each[field] })),
      ),
    })
    return [
      counter('bytes', `Cumulative count of bytes ${done}`, `${way}Bytes`),
      counter('errors', `Cumulative count of errors encountered while ${doing}`, `${way}Errors`),
      counter('packets_dropped', `Cumulative count of packets dropped while ${doing}`, `${way}Dropped`),
      counter('packets', `Cumulative count of packets ${done}`, `${way}Packets`),
    ]
  })
}
