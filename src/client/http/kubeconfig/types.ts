import type { ExecConfig, HttpConfig } from '../config.ts'

/** A kubeconfig file, as far as we read it. Everything may be missing; what we don't know is kept when a file is changed. */
export interface Kubeconfig {
  readonly clusters?: readonly NamedCluster[] | null
  readonly users?: readonly NamedUser[] | null
  readonly contexts?: readonly NamedContext[] | null
  readonly 'current-context'?: string
}

export interface NamedCluster {
  readonly name: string
  readonly cluster?: KubeconfigCluster | null
}

export interface KubeconfigCluster {
  readonly server?: string
  readonly 'tls-server-name'?: string
  readonly 'insecure-skip-tls-verify'?: boolean
  readonly 'certificate-authority'?: string
  /** Base64. */
  readonly 'certificate-authority-data'?: string
  readonly 'proxy-url'?: string
  readonly 'disable-compression'?: boolean
  readonly extensions?: readonly { readonly name: string; readonly extension?: unknown }[] | null
}

export interface NamedUser {
  readonly name: string
  readonly user?: KubeconfigUser | null
}

export interface KubeconfigUser {
  readonly 'client-certificate'?: string
  /** Base64. */
  readonly 'client-certificate-data'?: string
  readonly 'client-key'?: string
  /** Base64. */
  readonly 'client-key-data'?: string
  readonly token?: string
  readonly tokenFile?: string
  readonly username?: string
  readonly password?: string
  readonly as?: string
  readonly 'as-uid'?: string
  readonly 'as-groups'?: readonly string[]
  readonly 'as-user-extra'?: { readonly [key: string]: readonly string[] }
  readonly exec?: KubeconfigExec | null
  readonly 'auth-provider'?: unknown
}

export type KubeconfigExec = Partial<Omit<ExecConfig, 'cluster' | 'args' | 'env'>> & {
  readonly args?: ExecConfig['args'] | null
  readonly env?: ExecConfig['env'] | null
}

export interface NamedContext {
  readonly name: string
  readonly context?: KubeconfigContext | null
}

export interface KubeconfigContext {
  readonly cluster?: string
  readonly user?: string
  readonly namespace?: string
}

/** How to reach the cluster of a context. */
export interface LoadedKubeconfig {
  readonly config: HttpConfig
  /** Name of the context; empty inside a cluster. */
  readonly context: string
  /** Namespace of the context, `default` where it names none. */
  readonly namespace: string
}
