/**
 * What a shell needs to complete: a few lines that hand over the words typed so far to `reprise complete` and show what it answers, a
 * candidate a line with its description after a tab; the line `:files` asks the shell for names of files too.
 */
const BASH = `# Completion of reprise in bash. In ~/.bashrc: eval "$(reprise completion bash)"
_reprise() {
  local words cur now line
  read -ra words <<< "\${COMP_LINE:0:COMP_POINT}"
  case "\${COMP_LINE:0:COMP_POINT}" in *[[:space:]]) words+=('') ;; esac
  cur=\${words[\${#words[@]}-1]}
  now=\${COMP_WORDS[COMP_CWORD]} # the shell divides a word at : and @
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = :files ]; then
      compopt -o filenames 2> /dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$now")
    else
      line=\${line%%$'\\t'*}
      COMPREPLY+=("\${line#"\${cur%"$now"}"}")
    fi
  done < <("\${words[0]}" complete -- "\${words[@]:1}" 2> /dev/null)
}
complete -F _reprise reprise
`

const ZSH = `#compdef reprise
# Completion of reprise in zsh. In ~/.zshrc, after compinit: eval "$(reprise completion zsh)"
_reprise() {
  local line
  local -a lines values
  local -i files=0
  lines=("\${(@f)$("\${words[1]}" complete -- "\${(@Q)words[2,CURRENT]}" 2> /dev/null)}")
  for line in $lines; do
    if [[ $line == :files ]]; then
      files=1
    elif [[ -n $line ]]; then
      values+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
    fi
  done
  (( $#values )) && _describe reprise values -U
  (( files )) && _files
}
if [[ $funcstack[1] == _reprise ]]; then _reprise "$@"; else compdef _reprise reprise; fi
`

const FISH = `# Completion of reprise in fish. In ~/.config/fish/config.fish: reprise completion fish | source
function __reprise_complete
    set -l words (commandline -opc)
    for line in ($words[1] complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
        if test "$line" = :files
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c reprise -f -a '(__reprise_complete)'
`

/** By the shell's name. */
export const SCRIPTS: Readonly<Record<string, string>> = { bash: BASH, zsh: ZSH, fish: FISH }
