import { certificatesigningrequests } from '#api/certificates/v1'
import type { CertificateSigningRequest } from '#api/certificates/v1'
import { nodes } from '#api/core/v1'
import type { Node } from '#api/core/v1'
import { watchObjects } from '#client'
import type { ControllerDescriptor, UserInfo } from '#client'
import { cidrContains, parseCertificateRequest, parseCIDR, parseIP } from '#machinery'
import type { CertificateRequest } from '#machinery'
import { networkGroup } from '#pki'
import { kubeletUser, networkUser } from './names.ts'

/** As whom the approver writes. */
export const approverUser: UserInfo = { name: 'k8ts:node-certificate-approver', groups: ['system:authenticated'] }

export interface ApproverOptions {
  /** Names that are the API server's own: no node may show itself under them. */
  readonly reservedNames: readonly string[]
  /** Blocks of addresses that are nobody's machine: those of pods and Services. */
  readonly innerBlocks: readonly string[]
}

/** Milliseconds until a node that is not registered yet is looked for again, and for how long it is. */
const again = 500
const patience = 10 * 60_000

type Verdict = { readonly approve: string } | 'later' | undefined

/**
 * Allows nodes the certificates that upstream leaves to others: the one their kubelet's server shows, for their own name
 * and addresses, and the one their network asks by. Requests of any other kind are left alone.
 */
export const nodeCertificateApprover: ControllerDescriptor<ApproverOptions> = {
  name: 'node-certificate-approver',
  inputs: [certificatesigningrequests, nodes],
  outputs: [{ resource: certificatesigningrequests, subresource: 'approval', ownership: 'shared' }],
  create({ informers, client, clock, options }) {
    const requests = informers.informer(certificatesigningrequests)
    const machines = informers.informer(nodes)
    return {
      watches: [watchObjects(certificatesigningrequests)],
      async reconcile(name) {
        const request = requests.lister.get({ name })
        if (!request || (request.status?.conditions ?? []).length > 0 || request.status?.certificate) return
        const verdict = judge(request, [...machines.lister.list()], options)
        if (verdict === 'later') {
          const age = clock.now() - Date.parse(request.metadata.creationTimestamp ?? '')
          return age < patience ? { requeueAfterMs: again } : undefined
        }
        if (!verdict) return
        const condition = { type: 'Approved', status: 'True', reason: 'AutoApproved', message: verdict.approve }
        const status = { ...request.status, conditions: [condition] }
        await client.update(certificatesigningrequests, { ...request, status }, { subresource: 'approval' })
      },
    }
  },
}

function judge({ spec }: CertificateSigningRequest, all: readonly Node[], options: ApproverOptions): Verdict {
  const { username = '', groups = [], signerName, request } = spec
  const node = username.slice(kubeletUser('').length)
  if (!username.startsWith(kubeletUser('')) || !groups.includes('system:nodes') || node === '') return undefined
  const parsed = parsedRequest(request)
  if (!parsed) return undefined
  if (signerName === 'kubernetes.io/kubelet-serving') return judgeServing(parsed, node, all, options)
  if (signerName !== 'kubernetes.io/kube-apiserver-client') return undefined
  return isNetworkRequest(parsed, node)
    ? { approve: 'Auto approving network certificate of the node itself.' }
    : undefined
}

function judgeServing(
  { subject, names }: CertificateRequest,
  node: string,
  all: readonly Node[],
  { reservedNames, innerBlocks }: ApproverOptions,
): Verdict {
  const { commonName, organizations = [] } = subject
  if (commonName !== kubeletUser(node) || organizations.length !== 1 || organizations[0] !== 'system:nodes') {
    return undefined
  }
  if (names.emailAddresses.length + names.uris.length > 0) return undefined
  if (names.dnsNames.some((name) => name !== node || reservedNames.includes(name))) return undefined
  if (names.ipAddresses.some((address) => isInner(address, innerBlocks))) return undefined
  const own = all.find(({ metadata }) => metadata.name === node)
  if (!own || !names.ipAddresses.every((address) => addressesOf(own).includes(address))) return 'later'
  const others = new Set(all.filter((one) => one !== own).flatMap(addressesOf))
  if (names.ipAddresses.some((address) => others.has(address))) return undefined
  return { approve: 'Auto approving serving certificate of the node itself.' }
}

function isNetworkRequest({ subject, names }: CertificateRequest, node: string): boolean {
  const { commonName, organizations = [] } = subject
  const alternatives = [names.dnsNames, names.ipAddresses, names.emailAddresses, names.uris]
  return (
    commonName === networkUser(node) &&
    organizations.length === 1 &&
    organizations[0] === networkGroup &&
    alternatives.every((each) => each.length === 0)
  )
}

const addressesOf = ({ status }: Node): string[] =>
  (status?.addresses ?? []).filter(({ type }) => type.endsWith('IP')).map(({ address }) => address)

function isInner(text: string, blocks: readonly string[]): boolean {
  const address = parseIP(text)
  if (!address) return true
  return [...blocks, '127.0.0.0/8', '::1/128'].some((block) => {
    const cidr = parseCIDR(block)
    return cidr !== undefined && cidrContains(cidr, address)
  })
}

function parsedRequest(base64: string): CertificateRequest | undefined {
  try {
    return parseCertificateRequest(Buffer.from(base64, 'base64').toString())
  } catch {
    return undefined
  }
}
