import type { ResourceList } from '#machinery'
import type { ConfigMap, Container, EnvVar, EnvVarSource, Pod, Secret, Service } from '#api/core/v1'
import { bytesOfBase64, isNotFound } from '#machinery'
import { specOf } from '../pods/containers.ts'
import type { EnvironmentVariable } from '../runtime/records.ts'
import { expand } from './expansion.ts'
import { podField, resourceField, type PodAddresses } from './field-ref.ts'
import { linkedServices, serviceVariables } from './service-environment.ts'

/** Reads what pods of this node refer to. Both reject with the API's error. */
/** A variable of a file, where the file has it. */
export interface FileVariable {
  readonly value: string | undefined
  /** Path on the node. */
  readonly file: string
}

export interface ReferencedObjects {
  configMap(namespace: string, name: string): Promise<ConfigMap>
  secret(namespace: string, name: string): Promise<Secret>
}

export interface EnvironmentInput {
  readonly pod: Pod
  readonly container: Container
  readonly addresses: PodAddresses
  readonly allocatable: ResourceList
  readonly objects: ReferencedObjects
  /** Every service; `undefined` while they have not been read. */
  readonly services: Iterable<Service> | undefined
  /** Reads a variable from a file in a volume; `undefined` where the file has none such. */
  readonly fileVariable: (volumeName: string, path: string, key: string) => Promise<FileVariable>
}

/**
 * A container's variables, sorted by name. Its own go before those of services.
 *
 * @throws Error with the message users see as the reason why the container can't be made.
 */
export async function environmentOf(input: EnvironmentInput): Promise<EnvironmentVariable[]> {
  const { pod, container } = input
  if (input.services === undefined) {
    throw new Error('services have not yet been read at least once, cannot construct envvars')
  }
  const links = specOf(pod).enableServiceLinks ?? true
  const services = serviceVariables(linkedServices(input.services, pod.metadata.namespace ?? '', links))
  const own = await variablesFrom(input)
  const lookup = (name: string): string | undefined => own.get(name) ?? services.get(name)
  for (const variable of container.env ?? []) {
    const value = await valueOf(input, variable, lookup)
    if (value !== undefined) own.set(variable.name, value)
  }
  const all = new Map([...services, ...own])
  return [...all.keys()].sort().map((key) => ({ key, value: all.get(key) ?? '' }))
}

async function variablesFrom({ pod, container, objects }: EnvironmentInput): Promise<Map<string, string>> {
  const variables = new Map<string, string>()
  const namespace = pod.metadata.namespace ?? ''
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    if (configMapRef) {
      const found = await optional(objects.configMap(namespace, configMapRef.name ?? ''), configMapRef.optional)
      for (const [key, value] of Object.entries(found?.data ?? {})) variables.set(prefix + key, value)
    } else if (secretRef) {
      const found = await optional(objects.secret(namespace, secretRef.name ?? ''), secretRef.optional)
      for (const [key, value] of Object.entries(found?.data ?? {})) variables.set(prefix + key, textOf(value))
    }
  }
  return variables
}

async function optional<T>(reading: Promise<T>, isOptional = false): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (isOptional && isNotFound(error)) return undefined
    throw error
  }
}

const decoder = new TextDecoder()

/** Text of base64 data. */
const textOf = (data: string): string => decoder.decode(bytesOfBase64(data))

/** `undefined` where an optional source is missing: the variable is then left out. */
async function valueOf(
  input: EnvironmentInput,
  { value = '', valueFrom }: EnvVar,
  lookup: (name: string) => string | undefined,
): Promise<string | undefined> {
  if (value !== '') return expand(value, lookup)
  return valueFrom ? sourceValue(input, valueFrom) : ''
}

async function sourceValue(input: EnvironmentInput, source: EnvVarSource): Promise<string | undefined> {
  const { pod, objects } = input
  const namespace = pod.metadata.namespace ?? ''
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source
  if (fieldRef) return podField(pod, fieldRef, input.addresses)
  if (resourceFieldRef) return resourceField(pod, input.container, resourceFieldRef, input.allocatable)
  if (configMapKeyRef) {
    const { name = '', key, optional: isOptional } = configMapKeyRef
    const found = await optional(objects.configMap(namespace, name), isOptional)
    const value = found?.data?.[key]
    if (value === undefined && !isOptional)
      throw new Error(`couldn't find key ${key} in ConfigMap ${namespace}/${name}`)
    return value
  }
  if (secretKeyRef) {
    const { name = '', key, optional: isOptional } = secretKeyRef
    const found = await optional(objects.secret(namespace, name), isOptional)
    const value = found?.data?.[key]
    if (value === undefined && !isOptional) throw new Error(`couldn't find key ${key} in Secret ${namespace}/${name}`)
    return value === undefined ? undefined : textOf(value)
  }
  if (fileKeyRef) {
    const { volumeName, path, key, optional: isOptional } = fileKeyRef
    const { value, file } = await input.fileVariable(volumeName, path, key)
    if (value === undefined && !isOptional) {
      throw new Error(`environment variable key ${JSON.stringify(key)} not found in file ${JSON.stringify(file)}`)
    }
    return value
  }
  return ''
}
