import type { Socket } from 'node:net'
import { messageOf } from '#base'
import type { Component, Logger } from '#base'
import type { Containerd } from '#kubelet/host'
import type { KeyPair } from '#pki'
import { UserError } from '../user-error.ts'
import { standardLogger } from '../log.ts'
import { answerDial } from './dialling.ts'
import type { FromAgent, NodeMembership, NodePreparation, ToAgent } from './messages.ts'
import type { JoinedNode } from './join.ts'

/**
 * Runs a node in a process that was started by that of the cluster, which says over the channel between them what to do.
 * Resolves when the node has ended. When the channel closes, the cluster's process is gone: the agent ends too and leaves
 * its pods to the next one.
 *
 * @param version what the node calls its version: `v1.36.2`.
 */
export function runSupervisedAgent(version: string): Promise<void> {
  const agent = new SupervisedAgent(version)
  return new Promise((resolve) => {
    const end = async (pods: 'stop' | 'keep'): Promise<void> => {
      await agent.stop(pods)
      process.removeAllListeners('message')
      if (process.connected) process.disconnect()
      resolve()
    }
    process.on('message', (message: ToAgent) => {
      if (message.type === 'stop') void end(message.pods)
      else agent.hear(message)
    })
    process.on('disconnect', () => void end('keep'))
  })
}

class SupervisedAgent {
  readonly #version: string
  readonly #stop = new AbortController()
  #logger: Logger | undefined
  #preparation: NodePreparation | undefined
  #containerd: Promise<Containerd> | undefined
  #joined: JoinedNode | undefined
  #components: readonly Promise<void>[] = []
  #authority: string | undefined
  #stopped: Promise<void> | undefined
  #hasFailed = false

  constructor(version: string) {
    this.#version = version
  }

  hear(message: Exclude<ToAgent, { readonly type: 'stop' }>): void {
    if (message.type === 'prepare') this.#prepare(message.preparation)
    else if (message.type === 'renew') void this.#renew(message.serving)
    else if (message.type === 'dial') answerDial(message, tell)
    else {
      this.#authority = message.membership.authority
      this.#join(message.membership).catch((error: unknown) => this.#fail(error))
    }
  }

  #prepare(preparation: NodePreparation): void {
    this.#preparation = preparation
    this.#logger = standardLogger(preparation, { node: preparation.nodeName })
    this.#containerd = import('./prepare.ts').then(({ prepareNode }) => prepareNode(preparation, this.#logger))
    this.#containerd.catch((error: unknown) => this.#fail(error))
  }

  async #join(membership: NodeMembership): Promise<void> {
    const [{ joinCluster }, containerd] = await Promise.all([import('./join.ts'), this.#containerd])
    const { signal } = this.#stop
    const [preparation, logger] = [this.#preparation, this.#logger]
    if (!preparation || !logger || !containerd || signal.aborted) return
    const joined = joinCluster({ preparation, membership, containerd, version: this.#version, logger })
    this.#joined = joined
    this.#components = joined.components.map((component) => this.#run(component, logger))
    await joined.kubelet.started
    tell({ type: 'started' })
  }

  async #renew(serving: KeyPair): Promise<void> {
    const { tlsOf } = await import('./join.ts')
    if (this.#authority !== undefined) this.#joined?.kubelet.setTls(tlsOf({ serving, authority: this.#authority }))
  }

  /** A part that fails takes the agent down: the cluster starts a new one, and pods run on. */
  async #run(component: Component, logger: Logger): Promise<void> {
    try {
      await component.start(this.#stop.signal)
    } catch (error) {
      if (this.#stop.signal.aborted) return
      logger.error('Part of the agent failed', { part: component.name, error })
      giveUp()
    }
  }

  /** The next agent may have more luck: what was missing may be there then. */
  #fail(error: unknown): void {
    if (this.#stop.signal.aborted || this.#hasFailed) return
    this.#hasFailed = true
    this.#logger?.error('Agent could not start', { error })
    const message = messageOf(error)
    const failed: FromAgent = { type: 'failed', message, forUser: error instanceof UserError }
    if (process.connected) process.send?.(failed, undefined, {}, giveUp)
  }

  stop(pods: 'stop' | 'keep'): Promise<void> {
    this.#stopped ??= this.#end(pods)
    return this.#stopped
  }

  async #end(pods: 'stop' | 'keep'): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#components)
    const containerd = await this.#containerd?.catch(() => undefined)
    if (!containerd || !this.#preparation || pods === 'keep') return
    const { stopNode } = await import('./stop.ts')
    try {
      await stopNode(this.#joined?.kubelet, containerd, this.#preparation)
    } catch (error) {
      this.#logger?.error('Node could not be stopped cleanly', { error })
    }
  }
}

/** Ends this agent, so that the cluster starts another. */
function giveUp(): void {
  process.exitCode = 1
  if (process.connected) process.disconnect()
}

/** A connection that goes along is the other side's from then on. */
function tell(message: FromAgent, connection?: Socket): void {
  if (process.connected) process.send?.(message, connection)
  else connection?.destroy()
}
