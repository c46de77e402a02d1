# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Two that are started at once: one does the work, the other waits for it and takes it.
# (kernel-tools.sh has this for the kernel's source, kernel-key.sh for kernels.)
. "$(dirname "$0")/../lib.sh"
export XDG_CACHE_HOME=$scratch/cache
starts=$scratch/starts
mkdir "$scratch/bin"

# both COMMAND...: starts it twice, with what they say in $scratch/said.1 and .2; prints
# how they ended.
both() {
	local first second status
	"$@" >"$scratch/said.1" 2>&1 &
	first=$!
	"$@" >"$scratch/said.2" 2>&1 &
	second=$!
	await 120 $first
	status=$?
	await 120 $second
	echo "$status $?"
}

# A folder that nothing was built in; compilers that take their time, and say what they make.
mkdir "$scratch/fresh"
(cd "$top" && git ls-files -z -co --exclude-standard | grep -zv '^results/reference' | xargs -0 cp --parents -t "$scratch/fresh" 2>/dev/null)
cat >"$scratch/bin/compiler" <<END
#!/bin/bash
while [ "\$1" != -o ]; do shift; done
echo "\$2" | sed 's/\.[0-9]*\$//' >>"$starts"
sleep 0.2
: >"\$2"
END
chmod +x "$scratch/bin/compiler"
compile() { make -C "$scratch/fresh" -j4 CC="$scratch/bin/compiler" CXX="$scratch/bin/compiler" PLOT_CC="$scratch/bin/compiler" build; }
check_equal "two makes in a fresh folder" "0 0" "$(both compile)"
check "they make something" grep -qx 'build/bench/main.o' "$starts"
check_equal "each file once" "" "$(sort "$starts" | uniq -d | head -n 3)"
check_equal "one of them says that it waits" 1 "$(cat "$scratch"/said.* | grep -c 'waiting for another make')"

# Debian's tools, as far as they are asked.
cat >"$scratch/bin/dpkg-query" <<END
#!/bin/sh
[ ! -e "$starts.installed" ] || echo 'ii  mine'
END
cat >"$scratch/bin/apt-get" <<END
#!/bin/bash
echo "\$2" >>"$starts.apt"
sleep 0.3
[ "\$2" != install ] || touch "$starts.installed"
END
printf '#!/bin/sh\necho 0\n' >"$scratch/bin/id"
printf '#!/bin/sh\nprintf "linux-source-%%s\\n" 6.12 6.1 6.1-rt\n' >"$scratch/bin/apt-cache"
chmod +x "$scratch/bin"/*
sed "s|/var/lib/dpkg|$scratch|" "$top/setup/install-packages" >"$scratch/fresh/setup/install-packages"
chmod +x "$scratch/fresh/setup/install-packages"
echo mine >"$scratch/list"
# Nothing else is there before the first set-up: what every Debian has.
mkdir "$scratch/essential"
for program in $(dpkg -L bash bsdutils coreutils dash dpkg findutils grep sed util-linux | grep -E '^(/usr)?/s?bin/.'); do
	ln -sf "$program" "$scratch/essential/"
done
install() { PATH=$scratch/bin:$scratch/essential "$scratch/fresh/setup/install-packages" "$scratch/list"; }
check_equal "two set-ups" "0 0" "$(both install)"
check_equal "packages are installed once" "update install" "$(paste -sd' ' "$starts.apt")"
check_equal "and none where none is missing" "" "$(install 2>&1)"
check_fails "KERNEL that has no package" "KERNEL=9.9: there is no package linux-source-9.9; there are 6.1 6.12. KERNEL_SRC=" eval 'KERNEL=9.9 install'
check_fails "one that has is installed" "^set-up: installing linux-source-6.12$" eval 'KERNEL=6.12 install'

check_equal "two probes of KVM" "0 0" "$(ACCEL=auto both "$top/kernel-patches/tools/probe-accel" "$scratch/none")"
check_equal "give one answer" 1 "$(grep -hE '^(kvm|tcg)	.' "$scratch"/said.* | sort -u | wc -l)"
check "one of them probes at most" test "$(cat "$scratch"/said.* | grep -c 'at most')" -le 1
check_equal "and leave one file" 1 "$(find "$XDG_CACHE_HOME/pidfdbench" -name 'accel-*' | wc -l)"
check_equal "whose reason is no empty one" "" "$(grep -E '(	|: *)$' "$XDG_CACHE_HOME"/pidfdbench/accel-*)"
