# fish completion of fluke6: the program itself knows its commands and options.
function __fluke6_candidates
    set -l line (commandline -cp)
    fluke6 "[suggest:"(string length -- $line)"]" $line 2>/dev/null
end
complete -c fluke6 -a '(__fluke6_candidates)'
