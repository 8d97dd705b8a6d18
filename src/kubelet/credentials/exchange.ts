import { parseGroupVersion, readDocument } from '#machinery'
import type { Logins } from '../images/logins.ts'

const group = 'credentialprovider.kubelet.k8s.io'
/** The version that tells plugins of service accounts. */
export const currentExchange: string = `${group}/v1`
export const exchangeVersions: readonly string[] = [currentExchange, `${group}/v1alpha1`, `${group}/v1beta1`]

/** What a plugin is asked (CredentialProviderRequest). */
export interface CredentialRequest {
  /** Repository, with registry and without tag. */
  readonly image: string
  readonly serviceAccountToken?: string
  readonly serviceAccountAnnotations?: { readonly [key: string]: string }
}

/** What a plugin answers (CredentialProviderResponse). */
export interface CredentialResponse {
  readonly cacheKeyType?: string
  /** Milliseconds; as configured when absent, and none are kept for 0. */
  readonly cacheDuration?: number
  readonly auth?: Logins
}

/** The request as plugins read it. */
export function writeRequest(apiVersion: string, request: CredentialRequest): string {
  return `${JSON.stringify({ kind: 'CredentialProviderRequest', apiVersion, ...request })}\n`
}

/** @throws Error, which never shows what the plugin wrote: credentials may be in it. */
export function readResponse(apiVersion: string, text: string): CredentialResponse {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    throw new Error("error reading GVK from response: couldn't get version/kind; json parse error", { cause })
  }
  const given = (document as { readonly apiVersion?: unknown } | null)?.apiVersion
  const actual = typeof given === 'string' ? given : ''
  if (actual !== apiVersion) {
    throw new Error(
      `apiVersion from credential plugin response did not match expected apiVersion:${apiVersion}, actual apiVersion:${actual}`,
    )
  }
  try {
    return readDocument<CredentialResponse>(document, {
      group,
      versions: [parseGroupVersion(apiVersion).version],
      kind: 'CredentialProviderResponse',
      fields: {
        cacheKeyType: 'string',
        cacheDuration: 'duration',
        auth: { map: { fields: { username: 'string', password: 'string' } } },
      },
    })
  } catch {
    throw new Error('error decoding credential provider plugin response from stdout')
  }
}
