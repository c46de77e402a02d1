# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034,SC2154 # sourced: variants and kinds are read by the scripts; die and tools come from common.sh
# What a lab's administrator and its users must call alike: kinds of machine, features, the folder of
# the programs on a node.
node_dir=/usr/local/libexec/pidfdbench-lab
default_feature=pidfd_default

# check_name WHAT VALUE: one that neither Slurm's lists and constraints nor a shell take apart.
check_name() {
	[[ $2 =~ ^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$ ]] || die "$1 '$2' is no name: letters, digits and . _ - (the first a letter or digit)"
}

# read_kinds: the array kinds, of KINDS=.
read_kinds() {
	local kind
	read -r -d '' -a kinds <<<"${KINDS:-}" || true
	[ ${#kinds[@]} -gt 0 ] || die "say KINDS=: the features that tell this lab's kinds of machine apart, as KINDS=\"epyc xeon\""
	for kind in "${kinds[@]}"; do
		check_name KINDS "$kind"
		case $kind in pidfd_* | log | cells | report* | plots) die "KINDS '$kind' has a meaning of its own here; give these machines another feature" ;; esac
	done
	[ "$(printf '%s\n' "${kinds[@]}" | sort -u | wc -l)" = ${#kinds[@]} ] || die "KINDS='$KINDS' names a kind twice"
}

# feature_of VARIANT: the feature that its kernel is. The helpers plugin takes letters, digits, _ . and = in one.
feature_of() { printf 'pidfd_%s\n' "${1//-/_}"; }

# read_variants: the array variants, of VARIANTS=; those whose features are told apart.
read_variants() {
	local twice
	read_lines variants "$tools/variants" chosen "${KERNEL:-6.1}" "${VARIANTS:-}"
	twice=$(for variant in "${variants[@]}"; do feature_of "$variant"; done | sort | uniq -d | head -n 1)
	[ -z "$twice" ] || die "VARIANTS: two of them would be the feature $twice; rename one"
}
