/**
 * What is said to a shell on a host: a script for `/bin/sh` that finds a Node that is recent enough and becomes it. The
 * only words in it that somebody else chose are the path of Node; they are quoted, the rest travels in base64.
 */
import type { BootOrder } from './far/boot.ts'

/** A word for a POSIX shell, whatever is in it (but for NUL, which no path holds). */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}

/** Exits with 0 on a Node that will do; every version understands it. */
const FIT = 'var v=process.versions.node.split(".");process.exit(+v[0]>20||+v[0]==20&&+v[1]>=19?0:1)'

/** Where Node is looked for besides the path, newest of nvm first. */
const USUAL = `
  nvm="\${NVM_DIR:-$HOME/.nvm}"
  ifs="$IFS"
  IFS='
'
  for one in $(ls -d "$nvm"/versions/node/v*/bin/node 2>/dev/null | sort -rV 2>/dev/null); do try "$one"; done
  IFS="$ifs"
  for one in "$HOME/.volta/bin/node" "$HOME/.local/share/fnm/aliases/default/bin/node" "$HOME/.asdf/shims/node" \\
    "$HOME/.local/bin/node" "$HOME/bin/node" "$HOME/n/bin/node" /usr/local/bin/node /usr/bin/node /opt/*/bin/node \\
    /opt/homebrew/bin/node /snap/bin/node
  do try "$one"; done
`

/** `node` is a path, where `~` is the home folder there, or a name; looked for when not given. */
export function script(boot: string, order: BootOrder, node: string | undefined): string {
  const [first, second] = order.mark
  const given =
    node === undefined ? '' : node.startsWith('~/') ? `"$HOME"/${quote(node.slice(2))}` : quote(node)
  const named = node?.includes('/') ? `try ${given}` : `try "$(command -v -- ${given || 'node'})"`
  // In braces, so that a shell has read all of it before it does any of it: what is left would be taken for input.
  return `{
unset NODE_OPTIONS NODE_PATH
boot=${quote(boot)}
order=${quote(Buffer.from(JSON.stringify(order)).toString('base64'))}
tried=
try() {
  [ -n "$1" ] && [ -f "$1" ] && [ -x "$1" ] || return 0
  version="$("$1" --version </dev/null 2>/dev/null | head -c 40)"
  case "$version" in
    v[0-9]*) "$1" -e ${quote(FIT)} </dev/null >/dev/null 2>&1 && exec "$1" -e "$boot" "$order" ;;
    *) version="which is no Node" ;;
  esac
  tried="$tried $1 $version"
}
${named}
${node === undefined ? USUAL : ''}
printf '%s%s!%s\\n' ${quote(first)} ${quote(second)} "$tried"
exit 1
}
`
}
