import { leases } from '#api/coordination/v1'
import { nodes, pods } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { NodeLifecycleController } from './controller.ts'
import { defaultRates } from './zones.ts'

/** Watches over the health of nodes. */
export const nodeLifecycleController: ControllerDescriptor<ControllersOptions> = {
  name: 'node-lifecycle-controller',
  aliases: ['nodelifecycle'],
  eventSource: 'node-controller',
  serviceAccount: 'node-controller',
  inputs: [nodes, pods, leases],
  outputs: [
    { resource: nodes, ownership: 'shared' },
    { resource: nodes, subresource: 'status', ownership: 'shared' },
    { resource: pods, subresource: 'status', ownership: 'shared' },
  ],
  create({ options, ...context }) {
    const { monitorPeriodMs = 5000, monitorGraceMs = 50_000, startupGraceMs = 60_000, rates } = options.nodeHealth ?? {}
    return new NodeLifecycleController(
      { ...context, options },
      {
        periodMs: monitorPeriodMs,
        graceMs: monitorGraceMs,
        startupGraceMs,
        rates: { ...defaultRates, ...rates },
      },
    )
  },
}
