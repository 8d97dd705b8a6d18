/** How to reach an API server, and as whom. What a kubeconfig context, or the inside of a pod, boils down to. */
export interface HttpConfig {
  /** `https://host:port`, with a path where the API lies below one. */
  readonly server: string
  /** Name that the server's certificate must have; the host of `server` when absent. */
  readonly serverName?: string
  /** Trusts every certificate of the server. */
  readonly insecureSkipVerify?: boolean
  /** PEM certificates of the authorities to trust; the system's when absent. */
  readonly ca?: PemSource
  readonly clientCertificate?: PemSource
  readonly clientKey?: PemSource
  readonly token?: string
  /** Read again every minute; what was read last goes before `token`. */
  readonly tokenFile?: string
  readonly username?: string
  readonly password?: string
  readonly exec?: ExecConfig
  readonly impersonate?: Impersonation
  /** `http://` or `https://` proxy that tunnels to the server. */
  readonly proxyUrl?: string
  /** Milliseconds until an answer must be complete, watches and streams aside; without end when absent. */
  readonly timeoutMs?: number
  /** Speaks HTTP/1.1 even where the server offers HTTP/2. */
  readonly disableHttp2?: boolean
}

/** PEM text, or the file that holds it; files are read again, since certificates are renewed in place. */
export type PemSource = { readonly pem: string } | { readonly file: string }

export interface Impersonation {
  readonly user: string
  readonly uid?: string
  readonly groups?: readonly string[]
  readonly extra?: { readonly [key: string]: readonly string[] }
}

/** A program that gives credentials (client.authentication.k8s.io). */
export interface ExecConfig {
  readonly apiVersion: string
  readonly command: string
  readonly args?: readonly string[]
  readonly env?: readonly { readonly name: string; readonly value: string }[]
  readonly installHint?: string
  readonly provideClusterInfo?: boolean
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always'
  /** The cluster, as the program is told when it asks for it. */
  readonly cluster?: ExecCluster
}

export interface ExecCluster {
  readonly server: string
  readonly 'tls-server-name'?: string
  readonly 'insecure-skip-tls-verify'?: boolean
  /** Base64 of the PEM. */
  readonly 'certificate-authority-data'?: string
  readonly 'proxy-url'?: string
  readonly 'disable-compression'?: boolean
  readonly config?: unknown
}
