import { subjectaccessreviews } from '#api/authorization/v1'
import { certificatesigningrequests } from '#api/certificates/v1'
import type { CertificateSigningRequest } from '#api/certificates/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import type { ControllersOptions } from '../options.ts'
import { hasCondition, isIssued, kubeletClientSigner, readRequest, watchRequests } from './requests.ts'
import { kubeletClientRefusal } from './rules.ts'

/** Who may have certificates without being asked for them: those that RBAC allows these subresources. */
const recognized = [
  {
    subresource: 'selfnodeclient',
    self: true,
    message: 'Auto approving self kubelet client certificate after SubjectAccessReview.',
  },
  {
    subresource: 'nodeclient',
    self: false,
    message: 'Auto approving kubelet client certificate after SubjectAccessReview.',
  },
] as const

function create(context: ControllerContext<ControllersOptions>): Controller {
  const { informers, client } = context
  const informer = informers.informer(certificatesigningrequests)

  const isAllowed = async ({ spec }: CertificateSigningRequest, subresource: string): Promise<boolean> => {
    const { username, uid, groups, extra } = spec
    const review = await client.create(subjectaccessreviews, {
      metadata: {},
      spec: {
        ...(username === undefined ? {} : { user: username }),
        ...(uid === undefined ? {} : { uid }),
        ...(groups ? { groups } : {}),
        ...(extra ? { extra } : {}),
        resourceAttributes: {
          group: 'certificates.k8s.io',
          resource: 'certificatesigningrequests',
          verb: 'create',
          subresource,
          version: '*',
        },
      },
    })
    return review.status?.allowed ?? false
  }

  const approve = async (request: CertificateSigningRequest, message: string): Promise<void> => {
    const condition = { type: 'Approved', status: 'True', reason: 'AutoApproved', message }
    const status = { ...request.status, conditions: [...(request.status?.conditions ?? []), condition] }
    await client.update(certificatesigningrequests, { ...request, status }, { subresource: 'approval' })
  }

  return {
    concurrency: 5,
    watches: [watchRequests(context)],
    async reconcile(name) {
      const request = informer.lister.get({ name })
      if (!request || isIssued(request) || hasCondition(request, 'Approved') || hasCondition(request, 'Denied')) return
      const parsed = readRequest(request)
      const { signerName, username, usages } = request.spec
      const isOfKubelet = signerName === kubeletClientSigner && kubeletClientRefusal(parsed, usages ?? []) === undefined
      if (!isOfKubelet) return
      const tried: string[] = []
      for (const { subresource, self, message } of recognized) {
        if (self && (username ?? '') !== (parsed.subject.commonName ?? '')) continue
        tried.push(subresource)
        if (await isAllowed(request, subresource)) return approve(request, message)
      }
      // What is allowed may change without the request changing.
      throw new Error(`recognized csr "${name}" as [${tried.join(' ')}] but subject access review was not approved`)
    },
  }
}

/** Allows kubelets their client certificates. */
export const certificateApprovingController: ControllerDescriptor<ControllersOptions> = {
  name: 'certificatesigningrequest-approving-controller',
  aliases: ['csrapproving'],
  serviceAccount: 'certificate-controller',
  inputs: [certificatesigningrequests],
  outputs: [{ resource: certificatesigningrequests, subresource: 'approval', ownership: 'shared' }],
  create,
}
