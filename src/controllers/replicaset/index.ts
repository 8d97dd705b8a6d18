import { replicasets } from '#api/apps/v1'
import type { ReplicaSet } from '#api/apps/v1'
import { pods } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import { selectorFor } from '../common/meta/selectors.ts'
import type { ControllersOptions } from '../options.ts'
import { ReplicaController } from './controller.ts'
import type { ReplicatedKind } from './replicas.ts'

const kind: ReplicatedKind<ReplicaSet> = {
  resource: replicasets,
  selectorOf: ({ spec }) => selectorFor(spec.selector),
  tellsTerminating: true,
}

/** Keeps the number of pods that each ReplicaSet says. */
export const replicaSetController: ControllerDescriptor<ControllersOptions> = {
  name: 'replicaset-controller',
  aliases: ['replicaset'],
  inputs: [replicasets, pods],
  outputs: [
    { resource: replicasets, subresource: 'status', ownership: 'exclusive' },
    { resource: pods, ownership: 'shared' },
  ],
  create: (context) => new ReplicaController(context, kind, context.options.concurrency?.replicaSets ?? 5),
}
