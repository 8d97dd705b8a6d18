import type { ApiRequest } from '#client'

/** The values of a header, each as it was sent. */
export function headerValues(request: ApiRequest, name: string): readonly string[] {
  const joined = request.headers[name]
  if (joined === undefined) return []
  return request.headerValues?.(name) ?? joined.split(', ')
}

/** The part of a header's name that is the user's own, decoded: behind `X-Remote-Extra-`, `Impersonate-Extra-`. */
export function decodeHeaderKey(key: string): string {
  try {
    return decodeURIComponent(key)
  } catch {
    return key
  }
}
