import type { ApiRequest } from '#client'

/** The values of a header, each as it was sent. */
export function headerValues(request: ApiRequest, name: string): readonly string[] {
  const joined = request.headers[name]
  if (joined === undefined) return []
  return request.headerValues?.(name) ?? joined.split(', ')
}

/** The value of a header that counts once: the first, if it was sent several times; empty when it was not. */
export function firstHeaderValue(request: ApiRequest, name: string): string {
  const joined = request.headers[name] ?? ''
  return joined === '' ? '' : (request.headerValues?.(name)[0] ?? joined)
}

/** The part of a header's name that is the user's own, decoded: behind `X-Remote-Extra-`, `Impersonate-Extra-`. */
export function decodeHeaderKey(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}
