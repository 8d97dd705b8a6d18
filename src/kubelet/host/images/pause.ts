/**
 * The program of the pod sandbox: a static ELF file that ignores SIGCHLD (so that the kernel reaps orphans of a shared
 * process namespace), and waits for SIGINT or SIGTERM to exit with 0. It blocks both signals and fetches them with
 * rt_sigtimedwait: process 1 of a namespace loses signals it has no handler for, but not those it has blocked.
 */
export type Architecture = 'amd64' | 'arm64'

const loadAddress = 0x400000n
const headerSize = 64 + 56

/** `struct kernel_sigaction` with handler SIG_IGN, and the 64-bit signal set {SIGINT, SIGTERM}. */
const data = Buffer.concat([Buffer.from([1]), Buffer.alloc(31), Buffer.from([0x02, 0x40]), Buffer.alloc(6)])
const signalSetOffset = 32

/** The sandbox's program for an architecture. */
export function pauseProgram(architecture: Architecture): Buffer {
  const code = architecture === 'amd64' ? amd64Code() : arm64Code()
  return elf(architecture === 'amd64' ? 62 : 183, Buffer.concat([code, data]))
}

function elf(machine: number, content: Buffer): Buffer {
  const size = BigInt(headerSize + content.length)
  const header = Buffer.alloc(headerSize)
  header.write('\x7fELF', 0, 'latin1')
  header.set([2, 1, 1], 4) // 64 bit, little endian, version 1
  header.writeUInt16LE(2, 16) // executable
  header.writeUInt16LE(machine, 18)
  header.writeUInt32LE(1, 20)
  header.writeBigUInt64LE(loadAddress + BigInt(headerSize), 24) // entry
  header.writeBigUInt64LE(64n, 32) // program headers
  header.writeUInt16LE(64, 52)
  header.writeUInt16LE(56, 54)
  header.writeUInt16LE(1, 56)
  header.writeUInt16LE(64, 58)
  header.writeUInt32LE(1, 64) // PT_LOAD
  header.writeUInt32LE(5, 68) // readable, executable
  header.writeBigUInt64LE(0n, 72)
  header.writeBigUInt64LE(loadAddress, 80)
  header.writeBigUInt64LE(loadAddress, 88)
  header.writeBigUInt64LE(size, 96)
  header.writeBigUInt64LE(size, 104)
  header.writeBigUInt64LE(0x10000n, 112)
  return Buffer.concat([header, content])
}

function amd64Code(): Buffer {
  const movEax = (value: number): number[] => [0xb8, ...int32(value)]
  const xorEdx = [0x31, 0xd2]
  const setSize = [0x41, 0xba, ...int32(8)] // mov r10d, 8
  const syscall = [0x0f, 0x05]
  const build = (dataAt: number): { readonly bytes: number[]; readonly loop: number } => {
    const bytes: number[] = []
    /** lea rsi|rdi, [rip + distance] */
    const lea = (register: 'rsi' | 'rdi', offset: number): void => {
      const end = bytes.length + 7
      bytes.push(0x48, 0x8d, register === 'rsi' ? 0x35 : 0x3d, ...int32(dataAt + offset - end))
    }
    bytes.push(...movEax(13), 0xbf, ...int32(17)) // rt_sigaction, SIGCHLD
    lea('rsi', 0)
    bytes.push(...xorEdx, ...setSize, ...syscall)
    bytes.push(...movEax(14), 0x31, 0xff) // rt_sigprocmask, SIG_BLOCK
    lea('rsi', signalSetOffset)
    bytes.push(...xorEdx, ...setSize, ...syscall)
    const loop = bytes.length
    bytes.push(...movEax(128)) // rt_sigtimedwait
    lea('rdi', signalSetOffset)
    bytes.push(0x31, 0xf6, ...xorEdx, ...setSize, ...syscall)
    bytes.push(0x85, 0xc0, 0x78, (loop - (bytes.length + 4)) & 0xff) // test eax, eax; js loop
    bytes.push(...movEax(231), 0x31, 0xff, ...syscall) // exit_group(0)
    return { bytes, loop }
  }
  const size = build(0).bytes.length
  return Buffer.from(build(size).bytes)
}

function arm64Code(): Buffer {
  const words: number[] = []
  const count = 22
  const dataAt = count * 4
  const mov = (register: number, value: number): void => {
    words.push((0xd2800000 | (value << 5) | register) >>> 0)
  }
  const adr = (register: number, offset: number): void => {
    const distance = dataAt + offset - words.length * 4
    words.push((0x10000000 | ((distance & 3) << 29) | ((distance >> 2) << 5) | register) >>> 0)
  }
  const call = (number: number): void => {
    mov(8, number)
    words.push(0xd4000001)
  }
  mov(0, 17) // SIGCHLD
  adr(1, 0)
  mov(2, 0)
  mov(3, 8)
  call(134) // rt_sigaction
  mov(0, 0) // SIG_BLOCK
  adr(1, signalSetOffset)
  mov(2, 0)
  mov(3, 8)
  call(135) // rt_sigprocmask
  const loop = words.length
  adr(0, signalSetOffset)
  mov(1, 0)
  mov(2, 0)
  mov(3, 8)
  call(137) // rt_sigtimedwait
  words.push((0xb7f80000 | (((loop - words.length) & 0x3fff) << 5)) >>> 0) // tbnz x0, 63, loop
  mov(0, 0)
  call(94) // exit_group
  if (words.length !== count) throw new RangeError(`assemble pause: ${words.length} instructions, want ${count}`)
  const code = Buffer.alloc(count * 4)
  for (const [index, word] of words.entries()) code.writeUInt32LE(word, index * 4)
  return code
}

function int32(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff]
}
