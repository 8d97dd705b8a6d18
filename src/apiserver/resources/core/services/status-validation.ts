import type { LoadBalancerStatus, Service } from '#api/core/v1'
import { fieldForbidden, invalidValue, isValidIPForLegacyField, parseIP, Path, required } from '#machinery'
import type { FieldError } from '#machinery'
import { validateDNSSubdomain, validateOneOf } from '../checks.ts'
import { validateObjectMetaUpdate } from '../../metadata.ts'

const modes = ['Proxy', 'VIP']

export function validateServiceStatusUpdate(service: Service, old: Service): readonly FieldError[] {
  return [
    ...validateObjectMetaUpdate(service.metadata, old.metadata, Path.of('metadata')),
    ...validateLoadBalancerStatus(service, service.status?.loadBalancer ?? {}, old.status?.loadBalancer ?? {}),
  ]
}

function validateLoadBalancerStatus(
  { spec }: Service,
  { ingress = [] }: LoadBalancerStatus,
  old: LoadBalancerStatus,
): readonly FieldError[] {
  const path = Path.of('status', 'loadBalancer', 'ingress')
  if (spec.type !== 'LoadBalancer' && ingress.length > 0)
    return [fieldForbidden(path, "may only be used when `spec.type` is 'LoadBalancer'")]
  const known = (old.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : []))
  return ingress.flatMap(({ ip = '', ipMode, hostname = '' }, index) => {
    const at = path.index(index)
    const errors: FieldError[] = []
    if (ip !== '') errors.push(...isValidIPForLegacyField(at.child('ip'), ip, known))
    if (ipMode === undefined) {
      if (ip !== '') errors.push(required(at.child('ipMode'), 'must be specified when `ip` is set'))
    } else if (ip === '') errors.push(fieldForbidden(at.child('ipMode'), 'may not be specified when `ip` is not set'))
    else errors.push(...validateOneOf(ipMode, modes, at.child('ipMode')))
    if (hostname === '') return errors
    errors.push(...validateDNSSubdomain(hostname, at.child('hostname')))
    if (parseIP(hostname))
      errors.push(invalidValue(at.child('hostname'), hostname, 'must be a DNS name, not an IP address'))
    return errors
  })
}
