import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { corrupt, openError, StoreOpenError } from './errors.ts'

/*
 * The native library ends the process when it is given a file that it can't open or a file that is cut off. So files are
 * looked at before it gets them. This is how a file of its format begins: two pages, each with what follows behind its
 * page header.
 */
const metaOffset = 24
const magicOffset = metaOffset
const versionOffset = metaOffset + 4
const pageSizeOffset = metaOffset + 24
const lastPageOffset = metaOffset + 120
const metaBytes = lastPageOffset + 16
const magic = 0xbeefc0de
const fileVersion = 2

/** File descriptors that opening a store takes, and some to spare. */
const descriptors = 8

/** Size of the lock file: enough for the few readers that there are. */
const lockBytes = 16_384

/** What a new store writes at once, with room to begin. */
const firstBytes = 256 * 1024

/** Makes the directory if need be. @throws StoreOpenError */
export function prepareDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw openError(directory, cause)
  }
}

/** Finds out whether the files can be opened, or made. The directory must be owned. @throws StoreOpenError */
export function prepareFiles(directory: string): void {
  const lock = join(directory, 'lock.mdb')
  try {
    if (existsSync(dataFile(directory))) closeSync(openSync(dataFile(directory), 'r+'))
    else tryWriting(join(directory, 'probe.new'))
    fillLockFile(lock)
  } catch (cause) {
    throw openError(directory, cause)
  }
}

/**
 * Checks that the data file, if there is one, begins as one. A file that is shorter than its number of pages says is made
 * longer: the last of them may be unused and never written, but to touch them beyond the end would end the process. If
 * they are missed, reading the log finds out.
 *
 * @throws StoreOpenError
 */
export function checkDataFile(directory: string): void {
  const path = dataFile(directory)
  if (!existsSync(path)) return
  const file = openSync(path, 'r+')
  try {
    const { size } = fstatSync(file)
    // A process that dies while it makes the file leaves it empty, and nothing is lost.
    if (size === 0) return
    const first = readMeta(file, 0, directory)
    const second = readMeta(file, first.pageSize, directory)
    if (size < 2 * first.pageSize) throw corrupt(directory, 'its data file is cut off')
    const pages = Math.max(first.lastPage, second.lastPage) + 1
    if (size < pages * first.pageSize) ftruncateSync(file, pages * first.pageSize)
  } finally {
    closeSync(file)
  }
}

/** @throws when the process is out of file descriptors */
export function checkDescriptors(directory: string): void {
  const open: number[] = []
  try {
    while (open.length < descriptors) open.push(openSync(directory, 'r'))
  } finally {
    for (const descriptor of open) closeSync(descriptor)
  }
}

/** Whether a directory has a store with anything in it. */
export const hasData = (directory: string): boolean =>
  (statSync(dataFile(directory), { throwIfNoEntry: false })?.size ?? 0) > 0

/** Bytes of the file that holds the data. */
export const bytesOf = (directory: string): number => statSync(dataFile(directory)).size

function dataFile(directory: string): string {
  return join(directory, 'data.mdb')
}

/**
 * The library makes its lock file without content and then writes to it through memory, which would end the process if
 * the disk has no room for the content.
 */
function fillLockFile(path: string): void {
  const file = openSync(path, existsSync(path) ? 'r+' : 'w', 0o600)
  try {
    if (fstatSync(file).size === 0) writeSync(file, new Uint8Array(lockBytes))
  } finally {
    closeSync(file)
  }
}

function tryWriting(path: string): void {
  const file = openSync(path, 'w', 0o600)
  try {
    // A disk that is nearly full takes a part, and refuses the next.
    for (let left = firstBytes; left > 0;) left -= writeSync(file, new Uint8Array(left))
    fsyncSync(file)
  } finally {
    closeSync(file)
    unlinkSync(path)
  }
}

function readMeta(file: number, offset: number, directory: string): { pageSize: number; lastPage: number } {
  const page = Buffer.alloc(metaBytes)
  const read = readSync(file, page, 0, metaBytes, offset)
  if (read < metaBytes || page.readUInt32LE(magicOffset) !== magic) {
    throw corrupt(directory, 'its data file does not begin as one')
  }
  const version = page.readUInt32LE(versionOffset) & 0xffff
  if (version > fileVersion) {
    const message = `the store in "${directory}" has file version ${version}, this program reads up to ${fileVersion}`
    throw new StoreOpenError('StoreNewerFormat', directory, message)
  }
  const pageSize = page.readUInt32LE(pageSizeOffset)
  if (version < fileVersion || pageSize < 256 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) {
    throw corrupt(directory, 'its data file does not begin as one')
  }
  return { pageSize, lastPage: Number(page.readBigUInt64LE(lastPageOffset)) }
}
