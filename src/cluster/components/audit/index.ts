import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Policy } from '#api/audit/v1'
import {
  bufferedBackend,
  lenientBackend,
  logBackend,
  readAuditPolicy,
  truncateBackend,
  unionBackend,
  webhookBackend,
} from '#apiserver'
import type { ApiServerOptions, AuditBackend, AuditLog, AuditLogFormat, AuditRecord } from '#apiserver'
import type { Clock, Logger } from '#base'
import { parse } from 'yaml'
import { explain } from '../../explain.ts'
import { checkKeepsFiles } from '../../host/place.ts'
import { UserError } from '../../user-error.ts'
import type { Webhooks } from '../webhooks.ts'
import { RotatingFile } from './rotating-file.ts'

/** Whether requests wait for their events to be written, and fail when they can't be. */
export type AuditMode = 'batch' | 'blocking' | 'blocking-strict'

/** How events are handed to one who takes them. */
export interface AuditDelivery {
  readonly mode: AuditMode
  /** Of mode `batch`. Without a throttle, batches go as they come. */
  readonly batch: {
    readonly bufferSize: number
    readonly maxSize: number
    readonly maxWaitMs: number
    readonly throttle?: { readonly perSecond: number; readonly burst: number }
  }
  /** Sizes in bytes that events and batches are cut down to; absent leaves them as they are. */
  readonly truncate?: { readonly maxEventSize: number; readonly maxBatchSize: number }
}

export interface AuditSettings {
  /** File of the `audit.k8s.io/v1` Policy. */
  readonly policyFile: string
  readonly log?: AuditDelivery & {
    /** File to append to; `-` is standard output. */
    readonly path: string
    readonly format: AuditLogFormat
    readonly maxBytes: number
    readonly maxBackups: number
    readonly maxAgeDays: number
    readonly compress: boolean
  }
  readonly webhook?: AuditDelivery & {
    /** Kubeconfig that says where it is. */
    readonly configFile: string
    /** Milliseconds before a second attempt. */
    readonly retryDelayMs: number
  }
}

export interface AuditParts {
  readonly clock: Clock
  readonly logger: Logger
  readonly webhooks: Webhooks
}

/** Audit as a policy says. */
export interface ConfiguredAudit {
  readonly options: NonNullable<ApiServerOptions['audit']>
  /** Sends what waits, and closes files. */
  close(): Promise<void>
}

/** Makes ready what events are written to. @throws UserError */
export async function configureAudit(settings: AuditSettings, parts: AuditParts): Promise<ConfiguredAudit> {
  const policy = readPolicy(settings.policyFile, parts.logger)
  const { log, webhook } = settings
  if (log && log.path !== '-') await checkKeepsFiles(resolve(log.path), '--audit-log-path')
  const file = log && openLog(log, parts)
  const reached = webhook && parts.webhooks.reach(webhook.configFile)
  let backend: AuditBackend | undefined
  const make = (record: AuditRecord): AuditBackend => {
    const backends: AuditBackend[] = []
    if (log && file) backends.push(delivered(logWriter(log, file, parts, record), log, parts, record))
    if (webhook && reached) {
      const { clock, logger } = parts
      const sender = webhookBackend({ ...reached, clock, logger, record, retryDelayMs: webhook.retryDelayMs })
      backends.push(delivered(sender, webhook, parts, record))
    }
    return (backend = unionBackend(backends))
  }
  return {
    options: { policy, backend: make },
    async close() {
      await backend?.close()
      await file?.close()
    },
  }
}

interface LogFile extends AuditLog {
  close(): Promise<void>
}

function openLog(log: NonNullable<AuditSettings['log']>, { clock, logger }: AuditParts): LogFile {
  const { path } = log
  if (path === '-') {
    const write = (text: string | Uint8Array): void => void process.stdout.write(text)
    const writeLong = async (pieces: readonly Uint8Array[]): Promise<void> => pieces.forEach(write)
    return { write, writeLong, close: () => Promise.resolve() }
  }
  try {
    return new RotatingFile({ ...log, clock, logger })
  } catch (error) {
    throw explain(error, path, 'file with --audit-log-path')
  }
}

function logWriter(
  { format, path }: NonNullable<AuditSettings['log']>,
  file: LogFile,
  { logger }: AuditParts,
  record: AuditRecord,
): AuditBackend {
  return logBackend(format, file, (error, events) => {
    record.lost('log', events)
    logger.error('Audit events were lost', { path, error })
  })
}

function delivered(
  backend: AuditBackend,
  { mode, batch, truncate }: AuditDelivery,
  { clock, logger }: AuditParts,
  record: AuditRecord,
): AuditBackend {
  const dropped = (plugin: string, why: string) => (event: { readonly auditID: string; readonly stage: string }) => {
    record.lost(plugin, 1)
    logger.warn('Audit event dropped', { auditID: event.auditID, stage: event.stage, why })
  }
  const inMode = (): AuditBackend => {
    if (mode === 'blocking-strict') return backend
    if (mode === 'blocking') return lenientBackend(backend)
    return bufferedBackend(backend, {
      clock,
      bufferSize: batch.bufferSize,
      maxBatchSize: batch.maxSize,
      maxBatchWaitMs: batch.maxWaitMs,
      ...(batch.throttle ? { throttle: batch.throttle } : {}),
      dropped: dropped('buffered', 'too many wait already'),
    })
  }
  if (!truncate) return inMode()
  return truncateBackend(inMode(), { ...truncate, dropped: dropped('truncate', 'it is too large') })
}

function readPolicy(file: string, logger: Logger): Policy {
  let document: unknown
  try {
    document = parse(readFileSync(file, 'utf8'), { version: '1.1' })
  } catch (cause) {
    throw new UserError(`audit policy ${file} can't be read: give a file with a Policy of audit.k8s.io/v1`, { cause })
  }
  try {
    return readAuditPolicy(document, (problem) =>
      logger.warn('Audit policy contains errors, falling back to lenient decoding', { file, problem }),
    )
  } catch (cause) {
    throw new UserError(`loading audit policy file: ${(cause as Error).message}: from file ${file}`, { cause })
  }
}
