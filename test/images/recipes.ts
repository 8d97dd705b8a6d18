import type { ImageRecipe } from './build.ts'

/** Programs of busybox that tests call by name. */
const applets =
  'sh ash cat echo ls sleep true false test [ id env hostname grep sed awk cut head tail wc ps kill mount umount df du ' +
  'stat touch mkdir rm rmdir mv cp ln chmod chown chgrp find xargs date dd nc nslookup ping wget ip ifconfig netstat ' +
  'vi tar gzip md5sum sha256sum sort uniq tee tr uname which whoami printf seq yes httpd sysctl sync free top readlink ' +
  'basename dirname expr pwd tty mktemp timeout nice setsid dmesg'

const busyboxLinks = Object.fromEntries(applets.split(' ').map((name) => [`/bin/${name}`, '/bin/busybox']))

const nginxConfig = `
user www-data;
worker_processes 1;
error_log /dev/stderr notice;
pid /run/nginx.pid;
events { worker_connections 256; }
http {
  types { text/html html; text/plain txt; }
  default_type application/octet-stream;
  access_log /dev/stdout;
  include /etc/nginx/conf.d/*.conf;
}
`

const nginxSite = `
server {
  listen 80;
  location / { root /usr/share/nginx/html; index index.html; }
}
`

/** What tests run. The versions in the tags are what users of these names expect, not what Debian ships. */
export const recipes: { readonly [name in 'busybox' | 'nginx' | 'tools']: ImageRecipe } = {
  /** A shell and small tools in one file. Not the static one: that can't look up names. */
  busybox: {
    names: ['docker.io/library/busybox:1.36'],
    packages: ['busybox'],
    links: busyboxLinks,
    config: { command: ['sh'] },
  },
  nginx: {
    names: ['docker.io/library/nginx:1.20.1', 'docker.io/library/nginx:1.21.6', 'docker.io/library/nginx:stable'],
    packages: ['nginx', 'curl', 'busybox-static'],
    links: busyboxLinks,
    folders: ['var/log/nginx', 'var/lib/nginx', 'run', 'etc/nginx/conf.d', 'etc/nginx/modules-enabled'],
    files: {
      '/etc/nginx/nginx.conf': nginxConfig,
      '/etc/nginx/conf.d/default.conf': nginxSite,
      '/usr/share/nginx/html/index.html':
        '<!DOCTYPE html>\n<title>Welcome to nginx!</title>\n<h1>Welcome to nginx!</h1>\n',
    },
    config: { entrypoint: ['nginx'], command: ['-g', 'daemon off;'], exposedPorts: ['80/tcp'], stopSignal: 'SIGQUIT' },
  },
  /** bash, curl and the GNU tools. */
  tools: {
    names: ['docker.io/library/tools:1'],
    packages: [
      'bash',
      'curl',
      'coreutils',
      'grep',
      'sed',
      'procps',
      'iproute2',
      'bind9-dnsutils',
      'bind9-libs',
      'busybox-static',
    ],
    links: { '/bin/sh': '/bin/bash', ...busyboxLinks },
    config: { command: ['bash'] },
  },
}
