# Makes a manual page of a command's --help: a section of each heading, and what stands under it as it is.
# awk -v name=fluke6-bridge -v version=0.1.0 -v date=2026-11-26 -f man.awk
function roff(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  sub(/^[.']/, "\\\\\\&&", text)
  return text
}
function close_block() { if (open) print ".fi"; open = 0 }
BEGIN { printf ".TH %s 1 %s \"fluke6 %s\" \"Fluke6\"\n", toupper(roff(name)), date, version }
/^[A-Z][A-Za-z ]*:$/ {
  close_block()
  heading = toupper(substr($0, 1, length($0) - 1))
  if (heading == "DESCRIPTION") { pending = 1; next }
  print ".SH " (heading == "USAGE" ? "SYNOPSIS" : heading)
  print ".nf"
  open = 1
  next
}
pending && NF {
  line = $0
  sub(/^ +/, "", line)
  print ".SH NAME"
  print roff(name) " \\- " roff(line)
  print ".SH DESCRIPTION"
  print ".nf"
  open = 1
  pending = 0
}
open { line = $0; sub(/^  /, "", line); print roff(line) }
END { close_block(); print ".SH SEE ALSO"; print "/usr/share/doc/fluke6/README.md, and the examples in /usr/share/fluke6/examples" }
