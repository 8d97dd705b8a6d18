/**
 * What the sandbox's program may ask the kernel for, and what a container runtime asks for in its place before it becomes
 * that program: with the profile loaded it takes its user and its capabilities, waits for its start, and runs a scheduler,
 * timers and polling of its own.
 */
const allowed = {
  program: 'execve execveat exit exit_group restart_syscall set_tid_address arch_prctl rseq getrandom uname sysinfo',
  signals:
    'rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo ' +
    'sigaltstack pause kill tkill tgkill wait4 waitid alarm getitimer setitimer',
  time: 'clock_getres clock_gettime clock_nanosleep gettimeofday nanosleep time timer_create timer_delete timer_settime',
  memory: 'brk madvise membarrier mincore mlock mmap mprotect mremap munlock munmap memfd_create',
  threads:
    'clone clone3 fork vfork futex get_robust_list set_robust_list sched_getaffinity sched_setaffinity sched_yield getcpu ' +
    'gettid getpid getppid getpgid getpgrp getsid setpgid setsid seccomp',
  identity:
    'capget capset prctl umask getuid geteuid getgid getegid getresuid getresgid getgroups setuid setgid setgroups setreuid ' +
    'setregid setresuid setresgid setfsuid setfsgid getrlimit setrlimit prlimit64 getrusage getpriority setpriority',
  files:
    'access faccessat faccessat2 open openat openat2 close close_range dup dup2 dup3 fcntl flock ioctl lseek pipe pipe2 read ' +
    'readv pread64 preadv write writev pwrite64 pwritev sendfile copy_file_range stat fstat lstat newfstatat statx statfs ' +
    'fstatfs readlink readlinkat getdents64 getcwd chdir fchdir fchown fchownat chown unlink unlinkat ftruncate fsync',
  waiting:
    'poll ppoll select pselect6 epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd2 timerfd_create',
  sockets: 'socket socketpair connect sendto sendmsg recvfrom recvmsg getsockname getsockopt setsockopt shutdown',
} as const

/**
 * The seccomp profile of sandboxes with the image that is made here, as a file for the runtime. It allows less than the
 * runtime's own one does, for the machine's own calls only, so that putting it into effect takes a fraction of the time: a
 * runtime compiles the profile of every sandbox anew.
 */
export function sandboxSeccompProfile(): string {
  const names = Object.values(allowed).flatMap((text) => text.split(' '))
  return `${JSON.stringify({ defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names, action: 'SCMP_ACT_ALLOW' }] })}\n`
}
