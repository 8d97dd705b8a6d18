import { messageOf, sleep } from '#base'
import { certificatesigningrequests } from '#api/certificates/v1'
import type { CertificateSigningRequest } from '#api/certificates/v1'
import type { Controller, ControllerContext, ControllerDescriptor } from '#client'
import { bytesOfBase64, decodePem, parseCertificate } from '#machinery'
import type { ControllersOptions } from '../options.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Whether a request has been dealt with for so long, or has not been for so long, that nobody needs it. */
export function isOver(request: CertificateSigningRequest, now: number): boolean {
  const { conditions = [], certificate } = request.status ?? {}
  const isOlder = (time: string | undefined, ms: number): boolean => time !== undefined && now - Date.parse(time) > ms
  if (conditions.length === 0) return isOlder(request.metadata.creationTimestamp, dayMs)
  return conditions.some(({ type, lastUpdateTime }) => {
    if (type === 'Denied' || type === 'Failed') return isOlder(lastUpdateTime, hourMs)
    if (type !== 'Approved') return false
    if (!certificate) return isOlder(lastUpdateTime, dayMs)
    return isOlder(lastUpdateTime, hourMs) || hasExpired(certificate, now)
  })
}

function hasExpired(certificate: string, now: number): boolean {
  const [block] = decodePem(bytesOfBase64(certificate))
  if (!block) return false
  try {
    return now > parseCertificate(block.bytes).notAfter
  } catch {
    return false
  }
}

function create({ informers, client, clock, log }: ControllerContext<ControllersOptions>): Controller {
  const informer = informers.informer(certificatesigningrequests)
  return {
    reconcile: () => Promise.resolve(),
    async run(signal) {
      while (!signal.aborted) {
        for (const request of informer.lister.list()) {
          if (!isOver(request, clock.now())) continue
          const { name = '' } = request.metadata
          try {
            await client.delete(certificatesigningrequests, { name })
          } catch (error) {
            log.error('Error while attempting to clean CSR', { csr: name, err: messageOf(error) })
          }
        }
        await sleep(clock, hourMs, signal).catch(() => {})
      }
    },
  }
}

/** Deletes requests that are done with. */
export const certificateCleanerController: ControllerDescriptor<ControllersOptions> = {
  name: 'certificatesigningrequest-cleaner-controller',
  aliases: ['csrcleaner'],
  serviceAccount: 'certificate-controller',
  inputs: [certificatesigningrequests],
  outputs: [{ resource: certificatesigningrequests, ownership: 'shared' }],
  create,
}
