import { pods, replicationcontrollers } from '#api/core/v1'
import type { ReplicationController } from '#api/core/v1'
import type { ControllerDescriptor } from '#client'
import { mapSelectorFor } from '../common/meta/selectors.ts'
import type { ControllersOptions } from '../options.ts'
import { ReplicaController } from '../replicaset/controller.ts'
import type { ReplicatedKind } from '../replicaset/replicas.ts'

const kind: ReplicatedKind<ReplicationController> = {
  resource: replicationcontrollers,
  selectorOf: ({ spec }) => mapSelectorFor(spec?.selector),
  tellsTerminating: false,
}

/** Keeps the number of pods that each ReplicationController says. */
export const replicationController: ControllerDescriptor<ControllersOptions> = {
  name: 'replicationcontroller-controller',
  aliases: ['replicationcontroller'],
  serviceAccount: 'replication-controller',
  inputs: [replicationcontrollers, pods],
  outputs: [
    { resource: replicationcontrollers, subresource: 'status', ownership: 'exclusive' },
    { resource: pods, ownership: 'shared' },
  ],
  create: (context) => new ReplicaController(context, kind, context.options.concurrency?.replicationControllers ?? 5),
}
