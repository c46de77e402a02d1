# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154,SC2016 # $names in single quotes are jq's; sourced: variants, boots, method and results are whoever begins
# What a campaign begins with: its kernels, its settings, its order.

# find_kernel VARIANT: its kernel as JSON: image, initrd, release, build id.
find_kernel() {
	local image release buildid='' initrd='' config=''
	if [ -n "${KERNELS:-}" ]; then
		[ "$method" = kexec ] || die "KERNELS= is for METHOD=kexec; METHOD=grub boots installed kernels"
		image=$(realpath -m "$KERNELS/$1/bzImage")
		[ -f "$image" ] || die "no kernel for $1: $KERNELS/$1/bzImage is missing"
		release=$(cat "$KERNELS/$1/release") buildid=$(cat "$KERNELS/$1/buildid")
		initrd=$KERNELS/$1/initrd.img config=$KERNELS/$1/config
	else
		image=$(installed_kernel "$1") || die "$image; make debs VARIANTS=\"${variants[*]}\" makes packages"
		release=${image##*/vmlinuz-}
		initrd=$machine/boot/initrd.img-$release config=$machine/boot/config-$release
	fi
	[ -f "$initrd" ] || initrd=
	jq -nc --arg image "$image" --arg initrd "$initrd" --arg release "$release" --arg buildid "$buildid" \
		--arg compiler "$(sed -n 's/^CONFIG_CC_VERSION_TEXT="\(.*\)"/\1/p' "$config" 2>/dev/null)" \
		--arg version "$release" '$ARGS.named'
}

# new_state: all that the campaign is, from the settings.
new_state() {
	local seed accel kernels='{}' one variant
	seed=${SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
	accel=$(choose_accel)
	for variant in "${variants[@]}"; do
		one=$(find_kernel "$variant")
		kernels=$(jq -c --arg v "$variant" --argjson one "$one" '.[$v] = $one' <<<"$kernels")
	done
	keep '{schema: 1, status: "running"} + ($ARGS.named | del(.release, .cmdline)) +
		{default: {release: $release, cmdline: $cmdline}}' -n --arg run "$(date -u +%Y%m%d-%H%M%S)" --arg seed "$seed" --arg method "$method" \
		--argjson boots "$boots" --arg results "$(realpath -m "$results")" \
		--arg accel "${accel%%	*}" --arg accel_why "${accel#*	}" --argjson kernels "$kernels" \
		--arg release "$(running_release)" --arg cmdline "$(default_cmdline)" \
		--argjson settings "$(settings)" \
		--argjson cells "$(order_cells "$seed" "$boots" "${variants[@]}" | cells_json)" ||
		die "cannot make the campaign's state"
}

settings() {
	jq -nc --arg BENCH "${BENCH:-}" --arg WORKERS "${WORKERS:-}" --arg WINDOWS "${WINDOWS:-}" \
		--arg QUICK "${QUICK:-}" --arg ALL "${ALL:-}" --arg WORKERS_AS "${WORKERS_AS:-}" \
		--arg PLACEMENT "${PLACEMENT:-}" --arg CPU_SHARE "${CPU_SHARE:-}" \
		--arg PIDFDBENCH_PERF "${PIDFDBENCH_PERF:-}" --arg REPORT "${REPORT:-1}" \
		--arg LIMIT "${LIMIT:-3600}" --arg WATCHDOG "${WATCHDOG:-60}" \
		--arg QUIET "${QUIET:-98}" --arg QUIET_LIMIT "${QUIET_LIMIT:-300}" \
		--arg QUIET_SPELL "${QUIET_SPELL:-5}" '$ARGS.named'
}
