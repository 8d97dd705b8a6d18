import { readFileSync } from 'node:fs'

/** The release whose API and behaviour this is. */
export const kubernetesVersion = 'v1.36.2'

export function packageVersion(): string {
  const manifest: { readonly version?: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  return manifest.version ?? 'unknown'
}
