import type { Ingress } from '#api/networking/v1'
import { invalidValue, isDNS1123Subdomain, isValidIPForLegacyField, parseIP, Path } from '#machinery'
import type { FieldError } from '#machinery'
import { validateObjectMetaUpdate } from '../../metadata.ts'

const addresses = Path.of('status', 'loadBalancer', 'ingress')

export function validateIngressStatus(ingress: Ingress, old: Ingress): readonly FieldError[] {
  const before = (old.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip || [])
  const errors = [...validateObjectMetaUpdate(ingress.metadata, old.metadata, Path.of('metadata'))]
  for (const [index, { ip, hostname }] of (ingress.status?.loadBalancer?.ingress ?? []).entries()) {
    const at = addresses.index(index)
    if (ip) errors.push(...isValidIPForLegacyField(at.child('ip'), ip, before))
    if (!hostname) continue
    for (const problem of isDNS1123Subdomain(hostname))
      errors.push(invalidValue(at.child('hostname'), hostname, problem))
    if (parseIP(hostname))
      errors.push(invalidValue(at.child('hostname'), hostname, 'must be a DNS name, not an IP address'))
  }
  return errors
}
