import { readdir, readFile } from 'node:fs/promises'
import { cpus as osCpus } from 'node:os'
import { parseCpuSet, type CpuPlace, type Layout, type NumaMemory, type NumaNode } from '#kubelet'
import { binarySize } from './sizes.ts'

/** How the CPUs of this machine lie to each other and to memory, as the kernel tells below `root` (`/sys/devices/system`). */
export async function readLayout(root: string): Promise<Layout> {
  const text = async (path: string): Promise<string> =>
    (await readFile(`${root}/${path}`, 'utf8').catch(() => '')).trim()
  const online = parseCpuSet(await text('cpu/online'))
  const numbers = online.size > 0 ? [...online] : osCpus().map((_, cpu) => cpu)
  const nodes = await Promise.all((await nodeNumbers(root)).map((id) => readNode(id, text)))
  const nodeOf = new Map(nodes.flatMap(({ id, cpus }) => [...cpus].map((cpu): [number, number] => [cpu, id])))
  const places = numbers.map((cpu) => readPlace(cpu, nodeOf.get(cpu) ?? 0, text))
  return {
    cpus: await Promise.all(places),
    memory: await readMemory(
      root,
      nodes.map(({ id }) => id),
    ),
    numaNodes: nodes.length > 0 ? nodes.map(({ id, distances }) => ({ id, distances })) : [{ id: 0, distances: [10] }],
  }
}

/** A machine that tells of no NUMA nodes is one. */
async function readMemory(root: string, nodes: readonly number[]): Promise<NumaMemory[]> {
  const whole = { id: 0, info: '/proc/meminfo', pages: '/sys/kernel/mm/hugepages' }
  const places = nodes.map((id) => ({
    id,
    info: `${root}/node/node${id}/meminfo`,
    pages: `${root}/node/node${id}/hugepages`,
  }))
  return Promise.all(
    (places.length > 0 ? places : [whole]).map(async ({ id, info, pages }) => {
      const kib = /MemTotal:\s+(\d+) kB/.exec(await readFile(info, 'utf8').catch(() => ''))?.[1]
      return { id, bytes: Number(kib ?? 0) * 1024, hugePages: await readHugePages(pages) }
    }),
  )
}

async function readHugePages(folder: string): Promise<{ [size: string]: number }> {
  const names = await readdir(folder).catch(() => [])
  const found = names.map(async (name): Promise<[string, number]> => {
    const kib = Number(/^hugepages-(\d+)kB$/.exec(name)?.[1] ?? 0)
    return [binarySize(kib), kib * 1024 * Number(await readFile(`${folder}/${name}/nr_hugepages`, 'utf8'))]
  })
  return Object.fromEntries(await Promise.all(found))
}

type Text = (path: string) => Promise<string>

async function nodeNumbers(root: string): Promise<number[]> {
  const names = await readdir(`${root}/node`).catch(() => [])
  return names
    .flatMap((name) => /^node(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

async function readNode(id: number, text: Text): Promise<NumaNode & { readonly cpus: ReadonlySet<number> }> {
  const [cpus, distances] = await Promise.all([text(`node/node${id}/cpulist`), text(`node/node${id}/distance`)])
  return { id, cpus: parseCpuSet(cpus), distances: distances === '' ? [] : distances.split(/\s+/).map(Number) }
}

async function readPlace(cpu: number, numaNode: number, text: Text): Promise<CpuPlace> {
  const [siblings, socketText] = await Promise.all([
    text(`cpu/cpu${cpu}/topology/thread_siblings_list`),
    text(`cpu/cpu${cpu}/topology/physical_package_id`),
  ])
  const threads = [...parseCpuSet(siblings)]
  const socket = Math.max(0, Number(socketText === '' ? 0 : socketText))
  const core = threads.length > 0 ? Math.min(...threads) : cpu
  return { cpu, core, socket, numaNode, uncoreCache: (await lastLevelCache(cpu, text)) ?? socket }
}

/** Id of the cache that is shared by the most; caches have no level beyond 3 that the kernel numbers. */
async function lastLevelCache(cpu: number, text: Text): Promise<number | undefined> {
  for (let index = 0; index < 8; index++) {
    const folder = `cpu/cpu${cpu}/cache/index${index}`
    const level = await text(`${folder}/level`)
    if (level === '') return undefined
    if (level !== '3') continue
    const id = await text(`${folder}/id`)
    return id === '' ? undefined : Number(id)
  }
  return undefined
}
