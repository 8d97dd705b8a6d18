import { messageOf } from '#base'
import { certificatesigningrequests } from '#api/certificates/v1'
import type { CertificateSigningRequest, CertificateSigningRequestStatus } from '#api/certificates/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { encodeBase64, encodeText, timeOfMillis } from '#machinery'
import type { CertificateRequest } from '#machinery'
import { idleController } from '../common/idle.ts'
import type { ControllersOptions } from '../options.ts'
import {
  clientSigner,
  isApproved,
  isIssued,
  kubeletClientSigner,
  kubeletServingSigner,
  legacySigner,
  readRequest,
  watchRequests,
} from './requests.ts'
import { refusal } from './rules.ts'

/** Signs requests with an authority's key; the controllers never see it. */
export interface CertificateSigner {
  /** @returns the certificate in PEM. @throws Error, after which the request is tried again. */
  signRequest(
    request: CertificateRequest,
    signing: { readonly usages: readonly string[]; readonly now: number; readonly lifetimeMs: number },
  ): string
}

const signers = new Set([kubeletServingSigner, kubeletClientSigner, clientSigner, legacySigner])
const yearMs = 365 * 24 * 3_600_000
const shortestMs = 10 * 60_000

/** How long a certificate may hold that asks for so many seconds. */
export function lifetimeOf(expirationSeconds: number | undefined, longestMs: number): number {
  if (expirationSeconds === undefined) return longestMs
  return expirationSeconds * 1000 > longestMs ? longestMs : Math.max(expirationSeconds * 1000, shortestMs)
}

function create(context: ControllerContext<ControllersOptions>): Controller {
  const { informers, client, clock, options } = context
  const { certificateSigner: signer, certificateLifetimeMs = yearMs } = options
  if (!signer) return idleController
  const informer = informers.informer(certificatesigningrequests)

  const writeStatus = async (
    request: CertificateSigningRequest,
    change: CertificateSigningRequestStatus,
  ): Promise<void> => {
    const status = { ...request.status, ...change }
    await client.update(certificatesigningrequests, { ...request, status }, { subresource: 'status' })
  }

  return {
    concurrency: 5,
    watches: [watchRequests(context)],
    async reconcile(name) {
      const request = informer.lister.get({ name })
      if (!request || !signers.has(request.spec.signerName)) return
      const { conditions = [] } = request.status ?? {}
      const hasFailed = conditions.some(({ type, status }) => type === 'Failed' && (status ?? 'True') === 'True')
      if (isIssued(request) || !isApproved(request) || hasFailed) return
      const parsed = readRequest(request)
      const { signerName, expirationSeconds } = request.spec
      const usages = request.spec.usages ?? []
      const message = refusal(signerName, parsed, usages)
      if (message !== undefined) {
        const lastUpdateTime = timeOfMillis(clock.now())
        const failed = { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message, lastUpdateTime }
        return writeStatus(request, { conditions: [...conditions, failed] })
      }
      const lifetimeMs = lifetimeOf(expirationSeconds, certificateLifetimeMs)
      let certificate: string
      try {
        certificate = signer.signRequest(parsed, { usages, now: clock.now(), lifetimeMs })
      } catch (error) {
        throw new Error(`error auto signing csr: ${messageOf(error)}`, { cause: error })
      }
      await writeStatus(request, { certificate: encodeBase64(encodeText(certificate)) })
    },
  }
}

/** Makes certificates for the requests that were allowed. */
export const certificateSigningController: ControllerDescriptor<ControllersOptions> = {
  name: 'certificatesigningrequest-signing-controller',
  aliases: ['csrsigning'],
  serviceAccount: 'certificate-controller',
  inputs: [certificatesigningrequests],
  outputs: [{ resource: certificatesigningrequests, subresource: 'status', ownership: 'shared' }],
  create,
}
