import type { PodSpec, Volume } from '#api/core/v1'
import type { ObjectMeta } from '#api/meta/v1'
import {
  byteLength,
  duplicate,
  fieldForbidden,
  invalidValue,
  isDNS1123Label,
  nameIsDNSSubdomain,
  quote,
  required,
} from '#machinery'
import type { FieldError, Path } from '#machinery'
import type { PodValidationOptions } from '../options.ts'
import { volumeChecks } from './volume-sources.ts'
import type { Volumes } from './mounts.ts'

/** Checks the volumes of a pod; answers those without faults as well. `meta` is that of the pod, where there is one. */
export function validateVolumes(
  { volumes = [] }: PodSpec,
  meta: ObjectMeta | undefined,
  path: Path,
  options: PodValidationOptions,
): { readonly volumes: Volumes; readonly errors: readonly FieldError[] } {
  const pod = meta?.name ?? ''
  const made = new Set(
    pod === '' ? [] : volumes.filter(({ ephemeral }) => ephemeral).map(({ name }) => `${pod}-${name}`),
  )
  const sound = new Map<string, Volume>()
  const errors: FieldError[] = []
  for (const [index, volume] of volumes.entries()) {
    const at = path.index(index)
    const faults = [...validateSource(volume, pod, at, options), ...validateName(volume.name, at.child('name'))]
    if (sound.has(volume.name)) faults.push(duplicate(at.child('name'), volume.name))
    if (faults.length === 0) sound.set(volume.name, volume)
    errors.push(...faults)
    const claim = volume.persistentVolumeClaim?.claimName
    if (claim !== undefined && made.has(claim)) {
      const why = 'must not reference a PVC that gets created for an ephemeral volume'
      errors.push(invalidValue(at.child('persistentVolumeClaim', 'claimName'), claim, why))
    }
  }
  return { volumes: sound, errors }
}

function validateName(name: string, at: Path): FieldError[] {
  return name === '' ? [required(at)] : isDNS1123Label(name).map((problem) => invalidValue(at, name, problem))
}

/** A volume has one source. */
function validateSource(volume: Volume, pod: string, path: Path, options: PodValidationOptions): FieldError[] {
  const errors: FieldError[] = []
  let sources = 0
  for (const { field, at, refusedAt, check } of volumeChecks) {
    const source = volume[field]
    if (source === undefined) continue
    // An empty directory comes first, and goes unrefused.
    if (sources > 0) errors.push(fieldForbidden(path.child(refusedAt), 'may not specify more than 1 volume type'))
    else errors.push(...check(source, path.child(at), options))
    if (field === 'ephemeral' && sources === 0) errors.push(...validateClaimName(volume.name, pod, path))
    sources++
    if (field === 'iscsi') errors.push(...validatePortalLength(volume, path))
  }
  if (sources === 0) errors.push(required(path, 'must specify a volume type'))
  return errors
}

/** The claim made for an ephemeral volume is named after pod and volume. */
function validateClaimName(volume: string, pod: string, path: Path): FieldError[] {
  if (pod === '' || volume === '') return []
  const claim = `${pod}-${volume}`
  return nameIsDNSSubdomain(claim, false).map((problem) =>
    invalidValue(path.child('name'), volume, `PVC name ${quote(claim)}: ${problem}`),
  )
}

function validatePortalLength({ name, iscsi }: Volume, path: Path): FieldError[] {
  if (iscsi?.initiatorName === undefined || byteLength(`${name}:${iscsi.targetPortal}`) <= 64) return []
  const why =
    'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.'
  return [invalidValue(path.child('name'), name, why)]
}
