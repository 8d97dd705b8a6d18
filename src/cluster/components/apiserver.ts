import { join, resolve } from 'node:path'
import { aborted, systemClock } from '#base'
import type { Clock, Logger, Tracer } from '#base'
import { parseTokenFile, readRuntimeConfig } from '#apiserver'
import type { ApiServerOptions, AuthenticationTrust, Encryption, ServedResources, ServerSettings } from '#apiserver'
import type { UserInfo } from '#client'
import { createBackends } from '#http'
import type { KubeletCredentials, ServingCertificates } from '#http'
import { CertificateKeeper, openClusterPki, ServiceAccountKeys } from '#pki'
import type { ClusterPki } from '#pki'
import { createCompactor } from '#store'
import type { Store } from '#store'
import { Closing } from '../closing.ts'
import { apiServerNames, wellKnownAddresses } from '../control-plane/addresses.ts'
import { ComponentGroup } from '../control-plane/components.ts'
import { fingerprints, identityOf } from '../control-plane/identity.ts'
import { ServedApi } from '../control-plane/served-api.ts'
import type { EncryptionSettings } from '../encryption/open.ts'
import { explain } from '../explain.ts'
import { primaryAddress } from '../host/addresses.ts'
import { explainListen } from '../host/listening.ts'
import { checkKeepsFiles } from '../host/place.ts'
import { standardLogger } from '../log.ts'
import type { LogSettings } from '../log.ts'
import { writeKubeconfigs } from '../start/kubeconfigs.ts'
import { tracingOf } from '../tracing/of-server.ts'
import { usageError, UserError } from '../user-error.ts'
import { openApiStore } from './api-store.ts'
import type { ApiStoreSettings } from './api-store.ts'
import { readText } from '../host/read-text.ts'
import { configureAudit } from './audit/index.ts'
import type { AuditSettings } from './audit/index.ts'
import { configureAuthentication } from './authentication.ts'
import type { AuthenticationSettings, ConfiguredAuthentication } from './authentication.ts'
import { configureAuthorization } from './authorization.ts'
import type { AuthorizationSettings, ConfiguredAuthorization } from './authorization.ts'
import { Webhooks } from './webhooks.ts'
import { inBrackets, ipFamilyOf } from '#machinery'

/** An API server by itself. Files are in PEM unless said otherwise. */
export interface ApiServerSettings extends ApiStoreSettings, LogSettings {
  readonly bindAddress: string
  readonly port: number
  readonly advertiseAddress?: string
  readonly externalHostname?: string
  readonly servingCertificate?: { readonly certificateFile: string; readonly keyFile: string }
  readonly clientCaFile?: string
  /**
   * How the server shows itself to kubelets, and the authority of theirs. By its own authority when both are absent;
   * with a certificate of others and no authority, kubelets may show what they like, as they do where others set them up.
   */
  readonly kubeletClient?: { readonly certificateFile: string; readonly keyFile: string }
  readonly kubeletCaFile?: string
  readonly tokenFile?: string
  readonly authentication: AuthenticationSettings
  /** Blocks of the addresses of Services, at most one of each family. */
  readonly serviceBlocks: readonly string[]
  readonly nodePorts: { readonly first: number; readonly last: number }
  /** Whether the process may be looked into; yes when absent. */
  readonly profiling?: boolean
  /** The command line, for `/flagz`. */
  readonly flags?: { readonly [name: string]: string }
  readonly authorization: AuthorizationSettings
  readonly admission: { readonly enable: readonly string[]; readonly disable: readonly string[] }
  readonly serviceAccounts: {
    readonly issuers: readonly string[]
    readonly audiences: readonly string[]
    readonly keyFiles: readonly string[]
    readonly signingKeyFile?: string
    readonly jwksUrl?: string
    readonly maxSeconds?: number
    readonly extends: boolean
  }
  readonly requestHeader?: {
    readonly caFile: string
    readonly allowedNames: readonly string[]
    readonly usernameHeaders: readonly string[]
    readonly uidHeaders: readonly string[]
    readonly groupHeaders: readonly string[]
    readonly extraHeaderPrefixes: readonly string[]
  }
  readonly audit?: AuditSettings
  /** Seals what is stored. */
  readonly encryption?: EncryptionSettings
  /** File of a TracingConfiguration. */
  readonly tracingConfigFile?: string
  /** As `--runtime-config` has it. */
  readonly runtimeConfig?: { readonly [key: string]: string }
  readonly inFlight?: NonNullable<ApiServerOptions['inFlight']>
  readonly bootstrapTokens?: boolean
  readonly settings?: Partial<ServerSettings>
  readonly maxStreams?: number
  /** What servers of further APIs are shown; made when absent. */
  readonly proxyClient?: { readonly certificateFile: string; readonly keyFile: string }
  readonly shutdownDelayMs: number
}

/**
 * Runs an API server until the signal aborts. Certificates that are not given are made in the data folder, where
 * `admin.kubeconfig` lets in whoever may read it.
 *
 * @param onServing hears where it listens.
 * @throws UserError, Error
 */
export async function runApiServer(
  settings: ApiServerSettings,
  signal: AbortSignal,
  onServing?: (server: string) => void,
): Promise<void> {
  try {
    await checkKeepsFiles(resolve(settings.dataDir), '--data-dir')
    await using closing = new Closing()
    await new ApiServerRun(settings, closing).run(signal, onServing)
  } catch (error) {
    throw explain(error, settings.dataDir)
  }
}

class ApiServerRun {
  readonly #settings: ApiServerSettings
  readonly #closing: Closing
  readonly #clock: Clock = systemClock
  readonly #logger: Logger

  constructor(settings: ApiServerSettings, closing: Closing) {
    this.#settings = settings
    this.#closing = closing
    this.#logger = standardLogger(settings)
  }

  async run(signal: AbortSignal, onServing?: (server: string) => void): Promise<void> {
    const { bindAddress, port, shutdownDelayMs, serviceBlocks } = this.#settings
    const serviceFamily = ipFamilyOf(serviceBlocks[0] ?? '')
    const advertiseAddress = this.#settings.advertiseAddress ?? primaryAddress(serviceFamily) ?? '127.0.0.1'
    const { tracingConfigFile } = this.#settings
    const context = { clock: this.#clock, logger: this.#logger, closing: this.#closing }
    const tracing = await tracingOf(tracingConfigFile, context)
    const [store, pki] = await Promise.all([this.#openStore(tracing?.tracer), this.#openPki(advertiseAddress)])
    this.#closing.add(() => pki.settled)
    const webhooks = new Webhooks(this.#logger, tracing?.tracer)
    this.#closing.add(() => webhooks.close())
    const security = await this.#security(pki, webhooks)
    const encryption = await this.#openEncryption()
    const served = new ServedApi({
      api: { ...this.#api(store, pki), ...security.options, ...(encryption ? { encryption } : {}), ...tracing },
      certificates: () => this.#certificates(pki),
      advertiseAddress,
      profiling: this.#settings.profiling ?? true,
      ...(this.#settings.maxStreams === undefined ? {} : { maxStreams: this.#settings.maxStreams }),
    })
    this.#closing.add(() => served.close())
    pki.apiServer.onRenewed(() => served.renew())
    const components = new ComponentGroup(this.#logger)
    this.#closing.add(() => components.stop())
    await this.#listen(served, port, bindAddress)
    await served.server.initialize()
    components.start(
      served.server,
      createCompactor({ store, clock: this.#clock, logger: this.#logger }),
      new CertificateKeeper({ store: pki.store, clock: this.#clock, logger: this.#logger }),
    )
    const host = bindAddress === '0.0.0.0' || bindAddress === '::' ? '127.0.0.1' : inBrackets(bindAddress)
    const server = `https://${host}:${served.port}`
    if (this.#settings.store === 'lmdb') {
      const own = join(this.#settings.dataDir, 'admin.kubeconfig')
      await writeKubeconfigs(pki, { server, context: 'k8ts-apiserver', own }, (error) =>
        this.#logger.error('Kubeconfig could not be written', { error }),
      )
    }
    this.#follow(served, security)
    this.#logger.info('Serving', { server })
    onServing?.(server)
    await Promise.race([aborted(signal).promise, components.failed])
    if (shutdownDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, shutdownDelayMs))
  }

  /** Who is let in, who decides what they may, and what is written down of it. */
  async #security(pki: ClusterPki, webhooks: Webhooks): Promise<Security> {
    const { authentication, authorization, audit, serviceAccounts } = this.#settings
    const ownIssuers =
      serviceAccounts.issuers.length > 0 ? serviceAccounts.issuers : [identityOf(pki).serviceAccounts.issuer.url]
    const { webhook } = authentication
    const configFiles = [webhook?.configFile, audit?.webhook?.configFile].filter((file) => file !== undefined)
    await webhooks.prepare(configFiles)
    const authn = configureAuthentication(authentication, ownIssuers)
    const authz = await configureAuthorization(authorization, webhooks)
    const auditing = audit && (await configureAudit(audit, { clock: this.#clock, logger: this.#logger, webhooks }))
    if (auditing) this.#closing.add(() => auditing.close())
    const tokenWebhook = webhook && {
      ...webhooks.reach(webhook.configFile),
      version: webhook.version,
      cacheMs: webhook.cacheMs,
    }
    return {
      options: {
        ...authn.options,
        ...authz.options,
        ...(tokenWebhook ? { tokenWebhook } : {}),
        ...(auditing ? { audit: auditing.options } : {}),
      },
      authn,
      authz,
    }
  }

  /** Goes by configuration files when they change. */
  #follow({ server }: ServedApi, { authn, authz }: Security): void {
    const following = new AbortController()
    this.#closing.add(() => following.abort())
    authn.follow(server, this.#logger, following.signal)
    authz.follow(server, this.#logger, following.signal)
  }

  async #listen(served: ServedApi, port: number, address: string): Promise<void> {
    try {
      await served.listen(port, [address])
    } catch (cause) {
      throw explainListen(cause, { host: address, port }, { port: '--secure-port', address: '--bind-address' })
    }
  }

  async #openStore(tracer: Tracer | undefined): Promise<Store> {
    const store = await openApiStore(this.#settings, this.#clock, this.#logger, tracer)
    this.#closing.add(() => store.close())
    return store
  }

  async #openEncryption(): Promise<Encryption | undefined> {
    const { encryption } = this.#settings
    if (!encryption) return undefined
    const { openEncryptionFile } = await import('../encryption/open.ts')
    return openEncryptionFile(encryption, { clock: this.#clock, logger: this.#logger })
  }

  #openPki(advertiseAddress: string): Promise<ClusterPki> {
    const { store, dataDir, bindAddress, serviceBlocks, externalHostname } = this.#settings
    const isAny = bindAddress === '0.0.0.0' || bindAddress === '::'
    const names = apiServerNames('cluster.local', [
      advertiseAddress,
      wellKnownAddresses(serviceBlocks[0] ?? '').kubernetes,
      ...(isAny ? [] : [bindAddress]),
    ])
    return openClusterPki({
      clock: this.#clock,
      ...(store === 'memory' ? {} : { folder: join(dataDir, 'pki') }),
      ...names,
      dnsNames: externalHostname === undefined ? names.dnsNames : [...names.dnsNames, externalHostname],
    })
  }

  #certificates(pki: ClusterPki): ServingCertificates {
    const { servingCertificate: given, clientCaFile, requestHeader } = this.#settings
    const own = given
      ? { certificate: readText(given.certificateFile), key: readText(given.keyFile) }
      : pki.apiServer.current
    const authorities = [pki.authority.certificate, pki.frontProxyAuthority.certificate]
    for (const file of [clientCaFile, requestHeader?.caFile]) if (file !== undefined) authorities.push(readText(file))
    return { ...own, clientAuthorities: authorities }
  }

  #api(store: Store, pki: ClusterPki): Omit<ServedApiOptions, 'authorization'> {
    const { admission, tokenFile, clientCaFile, flags } = this.#settings
    const { serviceBlocks, nodePorts, inFlight, bootstrapTokens = true, settings = {} } = this.#settings
    const [clock, logger] = [this.#clock, this.#logger]
    const identity = identityOf(pki)
    const authorities = [
      ...identity.clientAuthorities(),
      ...(clientCaFile === undefined ? [] : fingerprints(readText(clientCaFile))),
    ]
    const frontProxy = this.#frontProxy()
    return {
      store,
      clock,
      logger,
      freeze: false,
      admission,
      serviceNetwork: { cidrs: serviceBlocks, nodePorts },
      ...(flags ? { flags } : {}),
      backends: createBackends({ kubelet: this.#kubelets(pki), frontProxy: this.#shownProxy(pki) }),
      served: servedBy(this.#settings.runtimeConfig ?? {}),
      ...(inFlight ? { inFlight } : {}),
      bootstrapTokens,
      settings,
      clientAuthorities: () => authorities,
      frontProxy: frontProxy ?? identity.frontProxy,
      trust: this.#trust(identity.trust),
      serviceAccounts: this.#serviceAccounts(pki, identity.serviceAccounts.issuer.url),
      ...(tokenFile === undefined ? {} : { staticTokens: readTokens(tokenFile) }),
    }
  }

  #kubelets(pki: ClusterPki): () => KubeletCredentials {
    const { kubeletClient, kubeletCaFile } = this.#settings
    const given = kubeletCaFile === undefined ? undefined : [readText(kubeletCaFile)]
    if (!kubeletClient) {
      const authorities = given ?? [pki.authority.certificate]
      return () => ({ ...pki.apiServerKubeletClient.current, authorities })
    }
    const [certificate, key] = [readText(kubeletClient.certificateFile), readText(kubeletClient.keyFile)]
    return () => ({ certificate, key, ...(given ? { authorities: given } : {}) })
  }

  #shownProxy(pki: ClusterPki): () => { readonly certificate: string; readonly key: string } {
    const { proxyClient } = this.#settings
    if (!proxyClient) return () => pki.frontProxyClient.current
    const [certificate, key] = [readText(proxyClient.certificateFile), readText(proxyClient.keyFile)]
    return () => ({ certificate, key })
  }

  #frontProxy(): ApiServerOptions['frontProxy'] | undefined {
    const { requestHeader } = this.#settings
    if (!requestHeader) return undefined
    const { caFile, ...rest } = requestHeader
    const authorities = fingerprints(readText(caFile))
    const { clientCaFile } = this.#settings
    const shared = clientCaFile === undefined ? [] : fingerprints(readText(clientCaFile))
    if (rest.allowedNames.length === 0 && shared.some((one) => authorities.includes(one))) {
      throw usageError(
        '--requestheader-client-ca-file and --client-ca-file contain overlapping certificates; --requestheader-allowed-names must be specified to ensure regular client certificates cannot set authenticating proxy headers for arbitrary users',
      )
    }
    return { ...rest, authorities: () => authorities }
  }

  #trust({ clientAuthorities, frontProxy: ownProxy }: AuthenticationTrust): AuthenticationTrust {
    const { clientCaFile, requestHeader } = this.#settings
    const frontProxy = requestHeader ? { ...requestHeader, authorities: readText(requestHeader.caFile) } : ownProxy
    return {
      clientAuthorities: clientAuthorities + (clientCaFile === undefined ? '' : readText(clientCaFile)),
      ...(frontProxy ? { frontProxy } : {}),
    }
  }

  #serviceAccounts(pki: ClusterPki, defaultIssuer: string): NonNullable<ApiServerOptions['serviceAccounts']> {
    const {
      issuers,
      audiences,
      keyFiles,
      signingKeyFile,
      jwksUrl,
      maxSeconds,
      extends: extend,
    } = this.#settings.serviceAccounts
    const keys = new ServiceAccountKeys({
      signingKey: signingKeyFile === undefined ? pki.serviceAccountKey : readText(signingKeyFile),
      verificationKeys: keyFiles.map(readText),
    })
    const [url = defaultIssuer, ...formerIssuers] = issuers
    return {
      issuer: {
        url,
        signer: keys,
        verifier: keys,
        extends: extend,
        ...(jwksUrl === undefined ? {} : { jwksUrl }),
        ...(maxSeconds === undefined ? {} : { maxSeconds }),
      },
      formerIssuers,
      ...(audiences.length === 0 ? {} : { audiences }),
    }
  }
}

interface Security {
  readonly options: Pick<ServedApiOptions, 'authorization'> & Partial<ServedApiOptions>
  readonly authn: ConfiguredAuthentication
  readonly authz: ConfiguredAuthorization
}

type ServedApiOptions = Omit<ApiServerOptions, 'serverAddress' | 'advertise'>

function servedBy(runtimeConfig: NonNullable<ApiServerSettings['runtimeConfig']>): ServedResources {
  try {
    return readRuntimeConfig(runtimeConfig)
  } catch (cause) {
    throw usageError(`flag --runtime-config: ${(cause as Error).message}`)
  }
}

function readTokens(file: string): ReadonlyMap<string, UserInfo> {
  try {
    return parseTokenFile(readText(file))
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw new UserError(`${file}: ${(cause as Error).message}: put it right`, { cause })
  }
}
