import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Policy } from '#api/audit/v1'
import { createAudit, logBackend, validateAuditPolicy } from '#apiserver'
import type { Audit, AuditLogFormat } from '#apiserver'
import type { Clock, Logger } from '#base'
import { parse } from 'yaml'
import { explain } from '../explain.ts'
import { UserError } from '../user-error.ts'

export interface AuditLogOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** File of the `audit.k8s.io/v1` Policy. */
  readonly policyFile: string
  /** File to append to; `-` is standard output. */
  readonly path: string
  readonly format: AuditLogFormat
}

/** Writes an audit log as a policy says. @throws UserError */
export function auditLog({ clock, logger, policyFile, path, format }: AuditLogOptions): Audit {
  const write = path === '-' ? (line: string) => void process.stdout.write(line) : appendTo(path)
  const backend = logBackend(format, write, (error) => logger.error('Audit events were lost', { path, error }))
  return createAudit({ clock, policy: readPolicy(policyFile), backend })
}

function appendTo(path: string): (line: string) => void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    appendFileSync(path, '', { mode: 0o600 })
  } catch (error) {
    throw explain(error, path)
  }
  return (line) => appendFileSync(path, line)
}

function readPolicy(file: string): Policy {
  let policy: Policy
  try {
    policy = parse(readFileSync(file, 'utf8')) as Policy
  } catch (cause) {
    throw new UserError(`audit policy ${file} can't be read: give a file with a Policy of audit.k8s.io/v1`, { cause })
  }
  const errors = validateAuditPolicy(policy)
  if (errors.length > 0) {
    throw new UserError(`audit policy ${file} is not valid (${errors.map(String).join('; ')}): put it right`)
  }
  return policy
}
