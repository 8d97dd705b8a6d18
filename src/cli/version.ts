import { readFileSync } from 'node:fs'

export { kubernetesVersion } from '#cluster'

export function packageVersion(): string {
  const manifest: { readonly version?: string } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  )
  return manifest.version ?? 'unknown'
}
