/** What the plugin is called in CNI configurations. */
export const linkPluginType = 'k8ts-link'

/**
 * The CNI plugin of the pod network (CNI 1.0.0: ADD, DEL, CHECK, VERSION) as a program of the shell. It does what the standard
 * plugins `ptp` and `host-local` do together, and notes addresses as `host-local` does: a file for each, named after it, with
 * the id of the sandbox and the interface. Every start of a program costs a pod milliseconds: these are a shell and `ip` twice,
 * where the standard ones, `loopback` among them, are three larger ones. The loopback interface is brought up here too.
 *
 * Its configuration has strings without anything that JSON escapes: {@link linkPluginOf}.
 */
export const linkPluginScript: string = String.raw`#!/bin/sh
# CNI plugin of k8ts' pod network. Rewritten at each start of the node's agent.
export LC_ALL=C

# fail CODE WORDS: the answer of a command that failed (CNI, "Error").
fail() {
  printf '{"cniVersion":"1.0.0","code":%s,"msg":"%s"}\n' "$1" "$(printf %s "$2" | tr '"\\\t\r\n' "'/   ")"
  exit 1
}

# text NAME: the string of that name in the configuration; nothing when there is none.
text() {
  value=
  case $config in
    *"\"$1\":\""*) value=${'$'}{config#*"\"$1\":\""}; value=${'$'}{value%%\"*} ;;
  esac
}

# recall FAMILY: the number given out last, as far as is known, into $last. Whoever writes it empties it first.
recall() {
  last=
  tries=0
  while [ -z "$last" ] && [ -e "$folder/.last$1" ] && [ $tries -lt 100 ]; do
    { read -r last <"$folder/.last$1"; } 2>/dev/null
    tries=$((tries + 1))
  done
  case $last in
    *[!0-9]*) last= ;;
  esac
}

# reserve FAMILY PREFIX-OF-NAMES FIRST LAST: takes the next address that is free into $address and $number.
reserve() {
  recall $1
  number=${'$'}{last:-$4}
  left=$(($4 - $3 + 1))
  while [ $left -gt 0 ]; do
    number=$((number + 1))
    if [ $number -lt $3 ] || [ $number -gt $4 ]; then number=$3; fi
    if [ $1 = 4 ]; then
      address=$((number >> 24 & 255)).$((number >> 16 & 255)).$((number >> 8 & 255)).$((number & 255))
    else
      address=$2$(printf %x $number)
    fi
    # Made by whoever has it, and by nobody else: the shell opens it with O_EXCL. That would hold for /dev/null too on a node
    # where it has become a file.
    set -C
    { printf '%s\r\n%s' "$CNI_CONTAINERID" "$CNI_IFNAME" >"$folder/$address"; } 2>&-
    made=$?
    set +C
    if [ $made -eq 0 ]; then
      reserved="$reserved $folder/$address"
      # Others may have gone on meanwhile. It is no more than where to begin: who is late here has one given out again soon.
      recall $1
      ahead=$((number - ${'$'}{last:-0}))
      if [ $ahead -gt 0 ] || [ $ahead -lt -$((($4 - $3) / 2)) ]; then printf '%s\n' $number >"$folder/.last$1"; fi
      return
    fi
    [ -e "$folder/$address" ] || undo 11 "failed to note address $address in $folder"
    left=$((left - 1))
  done
  undo 11 "no IP addresses available in range of family $1"
}

# undo CODE WORDS: what this command has taken goes back.
undo() {
  [ -z "$made_link" ] || ip link delete dev "$link" >/dev/null 2>&1
  # Paths without blanks.
  [ -z "$reserved" ] || rm -f $reserved
  fail "$1" "$2"
}

add() {
  if [ ! -d "$folder" ]; then mkdir -p "$folder" || fail 5 "failed to make $folder"; fi
  number=
  mac=
  outside=
  inside=
  ips=
  routes=
  text ipv4
  if [ -n "$value" ]; then
    set -- $value
    reserve 4 '' $4 $5
    mac=$(printf '0a:58:%02x:%02x:%02x:%02x' $((number >> 24 & 255)) $((number >> 16 & 255)) $((number >> 8 & 255)) $((number & 255)))
    outside="address add $3/32 dev $link
route add $address/32 dev $link scope host"
    inside="address add $address/$2 brd + dev $CNI_IFNAME noprefixroute
route add $3/32 dev $CNI_IFNAME scope link src $address
route add $1 via $3 dev $CNI_IFNAME src $address
route add 0.0.0.0/0 via $3 dev $CNI_IFNAME"
    ips="{\"interface\":1,\"address\":\"$address/$2\",\"gateway\":\"$3\"}"
    routes='{"dst":"0.0.0.0/0"}'
  fi
  text ipv6
  six=$value
  if [ -n "$six" ]; then
    set -- $six
    reserve 6 "$4" $5 $6
    outside="$outside
address add $3/128 dev $link nodad
route add $address/128 dev $link"
    inside="$inside
address add $address/$2 dev $CNI_IFNAME nodad noprefixroute
route add $3/128 dev $CNI_IFNAME src $address
route add $1 via $3 dev $CNI_IFNAME src $address
route add ::/0 via $3 dev $CNI_IFNAME"
    ips="$ips${'$'}{ips:+,}{\"interface\":1,\"address\":\"$address/$2\",\"gateway\":\"$3\"}"
    routes="$routes${'$'}{routes:+,}{\"dst\":\"::/0\"}"
  fi
  create="link add $link mtu $mtu type veth peer name $CNI_IFNAME mtu $mtu ${'$'}{mac:+address $mac} netns $CNI_NETNS"
  # The kernel asks nobody for an address as long as it looks whether others have its own (RFC 4862, 5.4), which takes a second
  # or two: so long the node would not find a new pod. The two are alone on their link.
  if [ -n "$six" ]; then
    words=$(echo "$create" | ip -batch - 2>&1) || undo 100 "failed to make link $link: $words"
    made_link=yes
    create=
    { echo 0 >"/proc/sys/net/ipv6/conf/$link/accept_dad"; } 2>/dev/null
  fi
  words=$(ip -batch - 2>&1 <<END
$create
link set $link up
$outside
END
  ) || {
    # Lines behind the first one: the link is ours. One that was there before is somebody else's.
    case $words in
      *'-:'[2-9]*) made_link=yes ;;
    esac
    undo 100 "failed to make link $link: $words"
  }
  made_link=yes
  # Nodes may have IPv6 off for interfaces that nobody gives an address.
  if [ -n "$six" ]; then
    set -- sh -c 'echo 0 >"/proc/sys/net/ipv6/conf/$CNI_IFNAME/disable_ipv6"; echo 0 >"/proc/sys/net/ipv6/conf/$CNI_IFNAME/accept_dad"; exec ip -batch -'
  else
    set -- ip -batch -
  fi
  words=$(nsenter "--net=$CNI_NETNS" "$@" 2>&1 <<END
link set lo up
link set $CNI_IFNAME up
$inside
END
  ) || undo 100 "failed to give $CNI_IFNAME its addresses: $words"
  printf '{"cniVersion":"1.0.0","interfaces":[{"name":"%s"},{"name":"%s",%s"sandbox":"%s"}],"ips":[%s],"routes":[%s],"dns":{}}\n' \
    "$link" "$CNI_IFNAME" "${'$'}{mac:+\"mac\":\"$mac\",}" "$CNI_NETNS" "$ips" "$routes"
}

# Files of addresses that the sandbox has, a line each.
addresses() {
  [ ! -d "$folder" ] || grep -rlxF -e "$CNI_CONTAINERID$(printf '\r')" "$folder"
}

del() {
  words=$(ip link delete dev "$link" 2>&1) || case $words in
    *'Cannot find device'*) ;;
    *) fail 100 "failed to delete link $link: $words" ;;
  esac
  files=$(addresses)
  [ -z "$files" ] || rm -f $files || fail 5 "failed to give back addresses of $CNI_CONTAINERID"
}

check() {
  files=$(addresses)
  [ -n "$files" ] || fail 100 "no address is noted for $CNI_CONTAINERID"
  ip link show dev "$link" >/dev/null 2>&1 || fail 100 "there is no link $link"
  words=$(nsenter "--net=$CNI_NETNS" ip -o address show dev "$CNI_IFNAME" 2>&1) || fail 100 "$words"
  for file in $files; do
    case $words in
      *" ${'$'}{file##*/}/"*) ;;
      *) fail 100 "$CNI_IFNAME has no address ${'$'}{file##*/}" ;;
    esac
  done
}

config=
while IFS= read -r line || [ -n "$line" ]; do config=$config$line; done
if [ "$CNI_COMMAND" = VERSION ]; then
  printf '{"cniVersion":"1.0.0","supportedVersions":["1.0.0"]}\n'
  exit
fi
text cniVersion
[ "$value" = 1.0.0 ] || fail 1 "incompatible CNI versions; config is \"$value\", plugin supports [\"1.0.0\"]"
case $CNI_CONTAINERID in
  '' | *[!A-Za-z0-9_.-]* | [!A-Za-z0-9]*) fail 4 'invalid container ID' ;;
esac
[ "$CNI_IFNAME" = eth0 ] || fail 4 "CNI_IFNAME is $CNI_IFNAME: pods have eth0 alone"
[ -n "$CNI_NETNS" ] || [ "$CNI_COMMAND" = DEL ] || fail 4 'required env variables [CNI_NETNS] missing'
case $CNI_NETNS in
  *[!A-Za-z0-9/_.:@-]*) fail 4 'CNI_NETNS is no plain path' ;;
esac
text addresses
folder=$value
[ -n "$folder" ] || fail 7 'the configuration has no addresses'
case $config in
  *'"mtu":'[0-9]*) mtu=${'$'}{config#*\"mtu\":}; mtu=${'$'}{mtu%%[!0-9]*} ;;
  *) mtu=1500 ;;
esac
# The kernel takes 15 bytes.
link=veth$(printf %.11s "$CNI_CONTAINERID")
made_link=
reserved=
case $CNI_COMMAND in
  ADD) add ;;
  DEL) del ;;
  CHECK) check ;;
  *) fail 4 "unknown CNI_COMMAND: $CNI_COMMAND" ;;
esac
`
