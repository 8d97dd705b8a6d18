import type { Draft } from '#api'
import type { Container, EphemeralContainer, LifecycleHandler, ObjectFieldSelector, Probe } from '#api/core/v1'
import { parseImageName } from './image-name.ts'
import { roundResources } from './resources.ts'

/** How an image is pulled when nobody says: what may have changed under its name, always. */
export const pullPolicyOf = (image: string): 'Always' | 'IfNotPresent' =>
  parseImageName(image)?.tag === 'latest' ? 'Always' : 'IfNotPresent'

export function defaultContainer(container: Draft<Container | EphemeralContainer>): void {
  container.imagePullPolicy ||= pullPolicyOf(container.image ?? '')
  container.terminationMessagePath ||= '/dev/termination-log'
  container.terminationMessagePolicy ||= 'File'
  for (const variable of container.env ?? []) defaultFieldRef(variable.valueFrom?.fieldRef)
  roundResources(container.resources)
  defaultProbe(container.livenessProbe)
  defaultProbe(container.readinessProbe)
  defaultProbe(container.startupProbe)
  defaultHandler(container.lifecycle?.postStart)
  defaultHandler(container.lifecycle?.preStop)
}

export function defaultFieldRef(reference: Draft<ObjectFieldSelector> | undefined): void {
  if (reference) reference.apiVersion ||= 'v1'
}

function defaultProbe(probe: Draft<Probe> | undefined): void {
  if (!probe) return
  defaultHandler(probe)
  if (probe.grpc) probe.grpc.service ??= ''
  probe.timeoutSeconds ||= 1
  probe.periodSeconds ||= 10
  probe.successThreshold ||= 1
  probe.failureThreshold ||= 3
}

function defaultHandler(handler: Draft<Pick<LifecycleHandler, 'httpGet'>> | undefined): void {
  const get = handler?.httpGet
  if (!get) return
  get.path ||= '/'
  get.scheme ||= 'HTTP'
}
