# SPDX-License-Identifier: GPL-2.0-only
# layout.tsv, a row per member of a structure: `structure TAB member TAB offset TAB bytes`,
# the structure itself as member `-`; enumerators are members of their enumeration, their
# value the offset. Input: what pahole prints. Members of a union or structure without a
# name are those of what it lies in, others are outer.inner.
BEGIN { OFS = "\t" }

# A member's name, of its declaration.
function name_of(declaration) {
	if (match(declaration, /\( *\*+ *[A-Za-z0-9_]+/)) {
		declaration = substr(declaration, RSTART, RLENGTH)
	} else {
		sub(/:[0-9]+$/, "", declaration)
		gsub(/ *\[[^]]*\]/, "", declaration)
	}
	sub(/^.*[^A-Za-z0-9_]/, "", declaration)
	return declaration
}

# Members wait for the end of what they lie in, which is where its name stands.
function close_level(name,    i) {
	for (i = first[level]; name != "" && i <= n; i++) member[i] = name "." member[i]
	level--
}

/^(struct|enum) [A-Za-z0-9_]+ \{$/ { outer = $2; in_enum = $1 == "enum"; n = level = 0; next }
outer == "" { next }

in_enum {
	if ($0 ~ /^}/) outer = ""
	else if (match($0, /([A-Za-z0-9_]+) *= (0x[0-9a-f]+|-?[0-9]+)/, part)) print outer, part[1], strtonum(part[2]), 0
	next
}

/^\t\/\* size: [0-9]+,/ { size = $3 + 0 }
/^}/ {
	if (size) print outer, "-", 0, size
	for (i = 1; size && i <= n; i++) print outer, member[i], offset[i], bytes[i]
	outer = size = ""
	next
}
/^\t+(struct|union)( [A-Za-z0-9_]+)? \{$/ { first[++level] = n + 1; next }

{
	if (!match($0, /\/\* +([0-9]+)(: *[0-9]+)? +([0-9]+) \*\/$/, place)) next
	text = substr($0, 1, RSTART - 1)
	gsub(/__attribute__\(\([^)]*(\([^)]*\))?\)\)/, "", text)
	sub(/ *; *$/, "", text)
	sub(/ +$/, "", text)
	if (text ~ /^\t+}/) {
		close_level(text ~ /^\t+} *$/ ? "" : name_of(text))
		next
	}
	member[++n] = name_of(text)
	offset[n] = place[1]
	bytes[n] = place[3]
}
