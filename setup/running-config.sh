# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Source it, don't run it.

# running_config ROOT RELEASE: the configuration of the running kernel, of that release, of the
# machine whose files lie below ROOT (this one: ''); nothing where it tells none.
running_config() {
	local file=$1/boot/config-$2
	if [ -r "$1/proc/config.gz" ]; then
		gzip -dc "$1/proc/config.gz"
	elif [ -r "$file" ]; then
		cat "$file"
	fi
}
