import type { CertificateSigningRequest } from '#api/certificates/v1'
import { deepEqual, messageOf } from '#base'
import type { UserInfo } from '#client'
import { parseCertificateRequest, quote } from '#machinery'
import type { Services } from '../../services.ts'
import type { AdmissionPlugin } from '../admission.ts'
import { draftOf, isAbout, oldOf, refused } from '../refusal.ts'

const group = 'certificates.k8s.io'
const plural = 'certificatesigningrequests'
const clientSigner = 'kubernetes.io/kube-apiserver-client'

/** Whether someone may do this with a signer: with the very one, or with all of its domain. */
async function mayUseSigner(services: Services, user: UserInfo, verb: string, signer: string): Promise<boolean> {
  const [domain = ''] = signer.split('/')
  for (const name of [signer, `${domain}/*`]) {
    const { verdict } = await services.authorizer.authorize({
      user,
      verb,
      isResource: true,
      path: '',
      group,
      version: '*',
      resource: 'signers',
      subresource: '',
      namespace: '',
      name,
    })
    if (verdict === 'allow') return true
  }
  return false
}

/** Who approves or denies requests needs the right for their signer. */
export function certificateApproval(services: Services): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['UPDATE'],
    resources: [`${group}/${plural}`],
    async validate(attributes) {
      if (!isAbout(attributes, group, plural, 'approval')) return
      const signer = oldOf<CertificateSigningRequest>(attributes)?.spec.signerName ?? ''
      if (!(await mayUseSigner(services, attributes.user, 'approve', signer)))
        throw refused(attributes, `user not permitted to approve requests with signerName ${quote(signer)}`)
    },
  }
}

/** Who puts certificates into requests needs the right for their signer. */
export function certificateSigning(services: Services): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['UPDATE'],
    resources: [`${group}/${plural}`],
    async validate(attributes) {
      if (!isAbout(attributes, group, plural, 'status')) return
      const old = oldOf<CertificateSigningRequest>(attributes)
      const { status } = draftOf<CertificateSigningRequest>(attributes)
      const same =
        status?.certificate === old?.status?.certificate &&
        deepEqual(status?.conditions ?? [], old?.status?.conditions ?? [])
      if (same) return
      const signer = old?.spec.signerName ?? ''
      if (!(await mayUseSigner(services, attributes.user, 'sign', signer)))
        throw refused(attributes, `user not permitted to sign requests with signerName ${quote(signer)}`)
    },
  }
}

/** Nobody becomes an administrator by certificate. */
export function certificateSubjectRestriction(): Omit<AdmissionPlugin, 'name'> {
  return {
    operations: ['CREATE'],
    resources: [`${group}/${plural}`],
    validate(attributes) {
      if (!isAbout(attributes, group, plural)) return
      const { spec } = draftOf<CertificateSigningRequest>(attributes)
      if (spec.signerName !== clientSigner) return
      let organizations: readonly string[] = []
      try {
        organizations = parseCertificateRequest(atob(spec.request)).subject.organizations ?? []
      } catch (error) {
        throw refused(attributes, `failed to parse CSR: ${messageOf(error)}`)
      }
      if (organizations.includes('system:masters'))
        throw refused(attributes, `use of ${clientSigner} signer with system:masters group is not allowed`)
    },
  }
}
