import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kubelet } from '#kubelet'
import { Refused, sendText } from './exchange.ts'
import type { Exchange } from './exchange.ts'

const validName = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/

/**
 * PUT makes the folder of a local volume, where it isn't there yet, and answers with its path; DELETE removes it with all
 * that is in it. Whoever runs in a pod may write to it: what users pods have is not known here.
 */
export async function serveLocalVolume({ parts }: Kubelet, { request, parameters, response }: Exchange): Promise<void> {
  const [name = ''] = parameters
  if (!validName.test(name)) throw new Refused(400, `${JSON.stringify(name)} is no name of a volume`)
  const root = join(parts.files.root, 'local-volumes')
  const path = join(root, name)
  if (request.method === 'DELETE') await rm(path, { recursive: true, force: true })
  else {
    await mkdir(root, { recursive: true, mode: 0o711 })
    await mkdir(path, { recursive: true })
    await chmod(path, 0o777)
  }
  sendText(response, 200, path)
}
