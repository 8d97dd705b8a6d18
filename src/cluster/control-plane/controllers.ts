import type { Component, Clock, Logger } from '#base'
import { runControllers } from '#client'
import type {
  Client,
  ControllerDescriptor,
  ControllerMetrics,
  EventBroadcaster,
  InformerFactory,
  UserInfo,
} from '#client'

export interface ControllersOptions<O> {
  /** Name of the component. */
  readonly name: string
  readonly descriptors: readonly ControllerDescriptor<O>[]
  readonly options: O
  readonly clock: Clock
  readonly logger: Logger
  /** Run by someone else, who ends them later. */
  readonly informers: InformerFactory
  readonly events: EventBroadcaster
  /** As whom a controller writes, by the name of its service account. */
  readonly clientFor: (serviceAccount: string) => Client
  /** Hears what a controller does. */
  readonly metricsFor?: (controller: string) => ControllerMetrics
}

/** Controllers as one component. */
export function controllersComponent<O>(parameters: ControllersOptions<O>): Component {
  const { name, descriptors, logger: log, ...context } = parameters
  return { name, start: (signal) => runControllers(descriptors, { ...context, log }, signal) }
}

/** As whom the controllers read. */
export const controllerManager: UserInfo = { name: 'system:kube-controller-manager', groups: ['system:authenticated'] }

/** As whom the scheduler reads and writes. */
export const schedulerUser: UserInfo = { name: 'system:kube-scheduler', groups: ['system:authenticated'] }

/** The service account of a controller, which may do what that controller needs and no more; the manager itself for an empty name. */
export const controllerUser = (account: string): UserInfo =>
  account === ''
    ? controllerManager
    : {
        name: `system:serviceaccount:kube-system:${account}`,
        groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
      }
