# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # cache, scratch, new and the like are of who sources this
# MBOX: patches in a mailbox as git am takes them (several mails, cover letter, base64,
# quoted-printable, CRLF, gzipped) become a variant named after their subject. They are
# applied in a repository made for it, of the files that they name.

# mail_git ARGUMENT...: git in that repository; nobody's hooks, names or line ends.
mail_git() {
	git -C "$scratch/repo" -c core.hooksPath=/dev/null -c core.autocrlf=false -c commit.gpgSign=false \
		-c user.name=pidfdbench -c user.email=pidfdbench "$@"
}

# split_mails: the mails of MBOX as $scratch/mails/N, and of each that has a patch
# $scratch/mails/N.patch; N.info has its subject. What is not in the form of git am is refused.
split_mails() {
	local mail said
	mkdir "$scratch/mails"
	gzip -cdf "$MBOX" >"$scratch/mbox" 2>"$scratch/said" || die "MBOX=$MBOX cannot be read: $(grep -m1 . "$scratch/said")"
	[ -s "$scratch/mbox" ] || die "MBOX=$MBOX is empty"
	git mailsplit -b -o"$scratch/mails" "$scratch/mbox" >/dev/null 2>"$scratch/said" ||
		die "MBOX=$MBOX is no mailbox: $(grep -m1 . "$scratch/said" || echo "no mail begins in it")"
	for mail in "$scratch"/mails/*; do
		git mailinfo -k --quoted-cr=strip "$mail.message" "$mail.patch" <"$mail" >"$mail.info" 2>"$scratch/said" ||
			die "MBOX=$MBOX, mail ${mail##*/}: $(grep -m1 . "$scratch/said" || echo "it is no mail")"
		said=$(grep -m1 -E '^(warning|error|fatal)' "$scratch/said" || true)
		if [ -s "$mail.patch" ]; then
			! flowed "$mail" ||
				die "MBOX=$MBOX, mail ${mail##*/} ($(subject "$mail")) has format=flowed, which breaks lines and takes blanks from their ends; have it sent as plain text, or take the patch from b4 or a list's archive"
			[ -z "$said" ] || die "MBOX=$MBOX, mail ${mail##*/}: $said"
		fi
	done
}

# flowed MAIL: whether a part of it says so; git am takes it, and loses blanks.
flowed() {
	gawk '/^[Cc]ontent-[Tt]ype:/ { type = 1 } !/^[Cc]ontent-[Tt]ype:/ && !/^[ \t]/ { type = 0 }
		type && tolower($0) ~ /format="?flowed/ { found = 1 } END { exit !found }' "$1"
}

# subject MAIL: without the [PATCH ...] before it.
subject() { sed -n 's/^Subject: *//p' "$1.info" | sed -E 's/^([Rr][Ee]: *|\[[^]]*\] *)*//'; }

# number MAIL: the n of [PATCH n/m]; total MAIL: the m; version MAIL: its v.
total() { sed -n 's/^Subject: *\(Re: *\)*\[[^]]*[^0-9][0-9]*\/0*\([1-9][0-9]*\)[^0-9]*\].*/\2/p' "$1.info"; }
number() { sed -n 's/^Subject: *\(Re: *\)*\[[^]]*[^0-9]\([0-9]*\)\/[0-9]*\].*/\2/p' "$1.info" | sed 's/^0*\([0-9]\)/\1/'; }
version_of() { sed -n 's/^Subject: *\(Re: *\)*\[[^]]*[Vv]\([0-9][0-9]*\)[] ,].*/\2/p' "$1.info"; }

# order_mails: those with a patch, in the order of their numbers, and their title: the
# cover letter's, or the first patch's.
order_mails() {
	local mail versions='' sorted=() cover=''
	for mail in "$scratch"/mails/????; do
		if [ -s "$mail.patch" ]; then
			grep -qE '^(diff --git |--- |Index: )' "$mail.patch" || die "MBOX=$MBOX, mail ${mail##*/} ($(subject "$mail")) has a part that is no patch"
			sorted+=("$(printf '%06d %s' "$(number "$mail" | grep . || echo 0)" "$mail")")
			versions+=v$(version_of "$mail" | grep . || echo 1)$'\n'
		elif [ "$(number "$mail")" = 0 ] && ! grep -qi '^Subject: *re:' "$mail.info"; then
			cover=$mail
		fi
	done
	[ ${#sorted[@]} -gt 0 ] || die "MBOX=$MBOX has no patch"
	[ "$(sort -u <<<"${versions%$'\n'}" | wc -l)" = 1 ] ||
		die "MBOX=$MBOX has patches of $(sort -uV <<<"${versions%$'\n'}" | paste -sd' '); give those of one version"
	read_lines mails sort -s -k1,1n <<<"$(printf '%s\n' "${sorted[@]}")"
	mails=("${mails[@]#* }")
	title=$(subject "${cover:-${mails[0]}}")
}

# check_whole: of patches that are numbered each is there, once, and no other.
check_whole() {
	local mail n m='' other first='' first_mail='' bare='' seen=' ' missing=()
	for mail in "${mails[@]}"; do
		n=$(number "$mail") other=$(total "$mail")
		if [ -z "$n" ] || [ -z "$other" ]; then
			bare=$mail
			continue
		fi
		[ "${m:=$other}" = "$other" ] ||
			die "MBOX=$MBOX has patches of two series: $first ($(subject "$first_mail")) and $n/$other ($(subject "$mail")); give one"
		[ -n "$first" ] || first=$n/$other first_mail=$mail
		[[ $seen != *" $n "* ]] || die "MBOX=$MBOX has $n/$m twice; the second is '$(subject "$mail")'"
		seen+="$n "
	done
	[ -n "$m" ] || return 0
	[ -z "$bare" ] || die "MBOX=$MBOX, mail ${bare##*/} ($(subject "$bare")) has a patch and no number, others have; give the series alone"
	for ((n = 1; n <= m; n++)); do
		[[ $seen == *" $n "* ]] || missing+=("$n/$m")
	done
	[ ${#missing[@]} = 0 ] || die "MBOX=$MBOX is no whole series: ${missing[*]} is missing, or has no patch"
}

# start_repository TREE: the files that the patches name, as TREE has them.
start_repository() {
	local mail path
	git init -q --template= "$scratch/repo"
	for mail in "${mails[@]}"; do
		gawk -f "$tools/read-patch.awk" "$mail.patch" 2>"$scratch/said" ||
			die "MBOX=$MBOX, mail ${mail##*/} ($(subject "$mail")): $(sed "s|^$mail.patch:|line |" "$scratch/said" | head -n 1)"
	done | sort -u >"$scratch/names"
	while IFS= read -r path; do
		if [ -f "$1/$path" ] || [ -L "$1/$path" ]; then (cd "$1" && cp -P --parents -- "$path" "$scratch/repo"); fi
	done <"$scratch/names"
	mail_git add -A -f
	mail_git commit -q --allow-empty -m base
	mail_git tag base
}

# apply_mails KERNEL: git am of each, or why the first one that fails does: hunk, file and line.
apply_mails() {
	local mail why
	for mail in "${mails[@]}"; do
		mail_git am -q --no-3way --quoted-cr=strip "$mail" >"$scratch/said" 2>&1 || {
			mail_git apply --reject --verbose "$mail.patch" >"$scratch/said" 2>&1 || true
			why=$(gawk '/^error: patch failed: / && at == "" { at = $4 } /^Rejected hunk #/ && hunk == "" { hunk = $3; gsub(/[#.]/, "", hunk) }
				/^error: / && first == "" { first = $0 }
				END { if (at == "") print first; else { n = split(at, a, ":"); print "hunk " hunk " of " a[1] ", line " a[2] ", is not there" } }' "$scratch/said")
			die "MBOX=$MBOX: '$(subject "$mail")' does not apply to Linux $1: ${why:-$(grep -m1 . "$scratch/said" || echo "git am does not say why")}"
		}
	done
}

# plan_mail TREE FOLDER KERNEL: prints a folder with the series of FOLDER, of which stock is
# the only default, and the mails' beside it. It appears whole or not at all.
plan_mail() {
	local mails=() title dir name stock
	dir=$cache/series/$({
		echo "$1"
		cat "$MBOX" "$2"/*.series "$tools/mail.sh"
	} | sha256_of)
	if [ ! -d "$dir" ]; then
		split_mails
		order_mails
		check_whole
		start_repository "$1"
		apply_mails "$3"
		mkdir -p "$cache/series"
		new=$(mktemp -d "$cache/series/.new.XXXXXX")
		cp "$2"/* "$new"
		stock=$(stock_of "$2")
		sed -i '/^# Default:/d' "$new"/*.series
		echo '# Default: yes' >>"$new/$stock.series"
		name=$(variant_name "$title")
		[ -n "$name" ] || name=mail
		while [ -e "$new/$name.series" ]; do name=mail-${name:0:longest_variant-5}; done
		printf '# Summary: %s (%s of mail)\n# Place: 9000\n# Default: yes\n' "$title" \
			"$([ ${#mails[@]} = 1 ] && echo "a patch" || echo "${#mails[@]} patches")" >"$new/$name.series"
		repository=$scratch/repo overlay_of_diff base HEAD "$new/$name.overlay"
		mv -T "$new" "$dir" 2>/dev/null || [ -d "$dir" ]
	fi
	printf '%s\n' "$dir"
}

# stock_of FOLDER: the first of its variants that has no patch.
stock_of() {
	local name patches
	for name in $("$tools/variants" list "$1" | cut -f1); do
		patches=$("$tools/variants" entries "$1" "$name")
		[ -n "$patches" ] || { echo "$name" && return 0; }
	done
	die "$1 has no variant without a patch to compare MBOX with"
}
