# bash completion of fluke6: the program itself knows its commands and options.
_fluke6() {
  local line candidates
  line=${COMP_LINE:0:COMP_POINT}
  mapfile -t candidates < <(fluke6 "[suggest:${#line}]" "$line" 2>/dev/null)
  mapfile -t COMPREPLY < <(compgen -W "${candidates[*]}" -- "${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _fluke6 fluke6
