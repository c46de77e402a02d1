# SPDX-License-Identifier: GPL-2.0-only
# Why a build ended, in one line, from its log: no room on the disk, the first error
# of a compiler or of kconfig with file and line, else what make says after ***, with
# the words of the tool that failed before it, else the last words; never nothing.
function first(old, new) { return old == "" ? new : old }

/No space left on device/ { room = first(room, $0) }
/^[^ ]*:[0-9]+(:[0-9]+)?: ([Ff]atal )?[Ee]rror: / ||
/^([^ ]+: )?([Ff]atal )?error: / || /: [Ff]atal error: / || /^ERROR: / ||
/: undefined reference to / ||
/Kconfig[^ :]*:[0-9]+: *(syntax error|unknown|unexpected|invalid)/ { error = first(error, $0) }
/\*\*\* *[^* ]/ && stars == "" {
	stars = $0
	# A rule that failed names its target; the words before it say why.
	if ($0 ~ /\*\*\* \[/ && said != "") stars = said "; " stars
}
NF {
	last = $0
	# kbuild's own lines ("  CC      fs/file.o") are no words of a tool.
	if ($0 !~ /^  [A-Z]/ && $0 !~ /^make(\[[0-9]+\])?: /) said = $0
}
END { print first(room, first(error, first(stars, first(last, "it ended without a word")))) }
