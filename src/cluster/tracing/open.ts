import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { parse } from 'yaml'
import { serverIdentity } from '#apiserver'
import type { Clock, Logger } from '#base'
import { aggregate, errorBody, quote, readDocument, tracingErrors } from '#machinery'
import type { DocumentKind, TracingConfiguration } from '#machinery'
import { openTracing } from '#tracing'
import type { OpenTracing } from '#tracing'
import { UserError } from '../user-error.ts'

const group = 'apiserver.config.k8s.io'
const form: DocumentKind = {
  group,
  versions: ['v1', 'v1beta1', 'v1alpha1'],
  kind: 'TracingConfiguration',
  fields: { endpoint: 'string', samplingRatePerMillion: 'integer' },
}

/**
 * Has an API server tell how long what takes, as `--tracing-config-file` says.
 * @throws UserError when the file can't be used
 */
export function openTracingFile(
  file: string,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): OpenTracing {
  const resource = { 'service.name': 'apiserver', 'service.instance.id': serverIdentity(hostname()) }
  try {
    return openTracing(checked(readTracingFile(file)), { clock, log: logger, resource })
  } catch (cause) {
    throw new UserError(`flag --tracing-config-file: ${(cause as Error).message}`, { exitCode: 2, cause })
  }
}

const reasons: { readonly [code: string]: string } = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
}

function readTracingFile(file: string): TracingConfiguration {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    const { code = '', syscall = 'open', message } = cause as NodeJS.ErrnoException
    const why = `${syscall} ${file}: ${reasons[code] ?? message}`
    throw new Error(`failed to read tracing config: unable to read tracing configuration from ${quote(file)}: ${why}`, {
      cause,
    })
  }
  try {
    return readDocument<TracingConfiguration>(named(parse(text, { version: '1.1' })), form)
  } catch (cause) {
    const why = (cause as Error).message
    throw new Error(`failed to read tracing config: unable to decode tracing configuration data: ${why}`, { cause })
  }
}

/** What does not say its kind or version is taken for what is wanted, and so is nothing at all. */
function named(document: unknown): unknown {
  if (document === null || document === undefined) return named({})
  if (typeof document !== 'object' || Array.isArray(document)) return document
  return { apiVersion: `${group}/v1`, kind: form.kind, ...document }
}

function checked(configuration: TracingConfiguration): TracingConfiguration {
  const errors = tracingErrors(configuration, (name) => name)
  if (errors.length === 0) return configuration
  const all = aggregate(errors.map((error) => `${error.field}: ${errorBody(error)}`))
  throw new Error(`failed to validate tracing configuration: ${all}`)
}
