import { createClient, transportErrorCode } from '#client'
import type { Client } from '#client'
import { createHttpTransport } from '#client/http'
import type { HttpConfig } from '#client/http'
import { isUnauthorized } from '#machinery'
import { kubernetesVersion } from '../version.ts'
import { UserError } from '../user-error.ts'

/** Asks an API server, and lets go of it. @throws what the task throws, explained where that is known. */
export async function withServer<T>(config: HttpConfig, task: (client: Client) => Promise<T>): Promise<T> {
  const transport = createHttpTransport({ timeoutMs: 15_000, ...config }, { retries: 2 })
  try {
    return await task(createClient(transport.send, { userAgent: `k8ts-agent/${kubernetesVersion}` }))
  } catch (error) {
    throw explained(error, config.server)
  } finally {
    await transport.close()
  }
}

/** What the user can do about a server that can't be spoken to. */
function explained(error: unknown, server: string): unknown {
  if (error instanceof UserError) return error
  if (isUnauthorized(error)) {
    return new UserError(
      `the API server at ${server} does not know the token, or it has expired: make another with k8ts token create`,
      { cause: error },
    )
  }
  if (transportErrorCode(error) === undefined) return error
  const reason = reasonOf(error)
  if (reason.code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new UserError(
      `the certificate of the API server at ${server} is not for that name: join by an address that it is for, ` +
        'or start the server with --tls-san',
      { cause: error },
    )
  }
  if (/CERT|SIGNATURE|ISSUER/.test(reason.code)) {
    return new UserError(
      `the API server at ${server} shows a certificate of another authority than that of the cluster (${reason.code}): ` +
        'check the address; if the cluster was made anew, remove the node first (k8ts down --delete) and join again',
      { cause: error },
    )
  }
  return new UserError(
    `the API server at ${server} can't be reached (${reason.code === '' ? reason.message : reason.code}): ` +
      'check the address, that the server runs, and that no firewall is in between',
    { cause: error },
  )
}

function reasonOf(error: unknown): { readonly code: string; readonly message: string } {
  let [code, message] = ['', '']
  for (let at = error; at instanceof Error; at = at.cause) {
    message = at.message
    const found = (at as NodeJS.ErrnoException).code
    if (found !== undefined && /^[A-Z]+_?[A-Z_0-9]+$/.test(found)) code = found
  }
  return { code, message }
}
