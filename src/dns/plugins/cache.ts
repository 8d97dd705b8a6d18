import type { Clock } from '#base'
import { whenAnswered } from '../chain.ts'
import type { Plugin } from '../chain.ts'
import { codes, types } from '../message/types.ts'
import type { DnsRecord, Reply } from '../message/types.ts'

export interface CacheOptions {
  readonly clock: Clock
  /** Answers that are kept at most; 10,000 when absent. */
  readonly size?: number
  readonly onHit?: () => void
  readonly onMiss?: () => void
}

interface Entry {
  readonly reply: Reply
  /** Monotonic seconds. */
  readonly stored: number
  readonly ttl: number
}

/** Longest time that an answer is kept, in seconds. */
const maxTtl = 3600
/** The same of answers that say there is nothing. */
const maxDenialTtl = 30
/** What no server will answer may be answered from what was known, for so many seconds after its time. */
const staleSeconds = 3600
/** Lifetime of answers that are past their time (RFC 8767). */
const staleTtl = 30

/** Remembers what others answered, and asks once for what many want at the same time. */
export function cache(options: CacheOptions): Plugin {
  const { clock, size = 10_000, onHit, onMiss } = options
  /** In order of use, the least recent first. */
  const entries = new Map<string, Entry>()
  const asked = new Map<string, Promise<Reply>>()
  const now = (): number => clock.monotonic() / 1000

  const keep = (key: string, reply: Reply): void => {
    const ttl = Math.min(lifetimeOf(reply), reply.answers.length > 0 ? maxTtl : maxDenialTtl)
    if (ttl <= 0) return
    entries.delete(key)
    entries.set(key, { reply, stored: now(), ttl })
    if (entries.size > size) entries.delete(entries.keys().next().value ?? '')
  }
  const stale = (key: string): Reply | undefined => {
    const entry = entries.get(key)
    if (!entry || entry.reply.answers.length === 0 || now() - entry.stored > entry.ttl + staleSeconds) return undefined
    return withTtl(entry.reply, () => staleTtl)
  }

  return {
    name: 'cache',
    handle: (request, next) => {
      const { question, edns } = request.query
      const key = `${question.name} ${question.type} ${edns?.dnssec === true}`
      const entry = entries.get(key)
      const age = entry ? now() - entry.stored : 0
      if (entry && age < entry.ttl) {
        onHit?.()
        entries.delete(key)
        entries.set(key, entry)
        const left = Math.floor(entry.ttl - age)
        return withTtl(entry.reply, (ttl) => Math.max(0, Math.min(ttl - Math.floor(age), left)))
      }
      const underway = asked.get(key)
      if (underway) return underway
      onMiss?.()
      const answer = whenAnswered(next(request), (reply) => {
        if (reply.code === codes.serverFailure) return stale(key) ?? reply
        keep(key, reply)
        return reply
      })
      if (answer instanceof Promise) {
        const settled = answer.finally(() => asked.delete(key))
        asked.set(key, settled)
        return settled
      }
      return answer
    },
  }
}

/** Seconds an answer may be kept; that of denials is in their SOA record (RFC 2308). Failures are not kept. */
function lifetimeOf({ code, answers, authority }: Reply): number {
  if (code !== codes.noError && code !== codes.nameError) return 0
  if (answers.length > 0 && code === codes.noError) return Math.min(...answers.map(({ ttl }) => ttl))
  const soa = authority.find(({ type }) => type === types.SOA)
  return soa?.data.kind === 'soa' ? Math.min(soa.ttl, soa.data.minimum) : 0
}

function withTtl(reply: Reply, ttlOf: (ttl: number) => number): Reply {
  const aged = (records: readonly DnsRecord[]): readonly DnsRecord[] =>
    records.map((record) => ({ ...record, ttl: ttlOf(record.ttl) }))
  return {
    ...reply,
    answers: aged(reply.answers),
    authority: aged(reply.authority),
    additional: aged(reply.additional),
  }
}
