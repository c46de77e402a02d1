# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2034 # arrays and names that callers read
# Ends what a script started, wherever an interrupt meets it, and tells the time
# that waits are measured in, and the CPU that children took. Source it, don't run it.

# uptime_s: whole seconds that never step, as the wall clock does. For tests
# PIDFDBENCH_UPTIME names what stands for /proc/uptime.
uptime_s() {
	local now
	read -r now _ <"${PIDFDBENCH_UPTIME:-/proc/uptime}"
	printf '%s\n' "${now%%.*}"
}

# children_cpu: sets cpu_now to the CPU seconds of this shell's children that have ended
# and been waited for (proc(5): cutime and cstime of stat, in hundredths).
cpu_now=0
children_cpu() {
	local stat user system
	read -r stat <"/proc/$BASHPID/stat"
	read -r _ _ _ _ _ _ _ _ _ _ _ _ _ user system _ <<<"${stat##*) }"
	cpu_now=$(((user + system) / 100))
}

# group_of PID: its process group.
group_of() {
	local stat
	read -r stat <"/proc/$1/stat"
	# After the name, which may hold anything: state, parent, group.
	read -r _ _ stat _ <<<"${stat##*) }"
	printf '%s\n' "$stat"
}

# interruptible "$@": the first thing a script does that starts others. bash drops
# an INT while it waits for a command that ends well, defers any other signal until
# a command ends, and cannot reach what a command started. So this process starts the
# script once more, in a process group of its own, and waits. On INT, TERM or HUP the
# whole group gets TERM at once; the script's EXIT trap has $interrupt_limit seconds to
# put things right before all of it is killed. The exit status is then 128 and the
# signal's number, otherwise the script's own. In a script that such a one started
# this does nothing: it is of the group.
# The script itself gets no signal but TERM; at_exit is for its clean-up.
interrupt_limit=30
interruptible() {
	local status=0
	case ${PIDFDBENCH_GROUP:-} in
	new) export PIDFDBENCH_GROUP=$$ ;;
	esac
	[ "${PIDFDBENCH_GROUP:-}" != "$(group_of $$)" ] || return 0
	trap 'end_group 1' HUP
	trap 'end_group 2' INT
	trap 'end_group 15' TERM
	# A background command would ignore INT, and so would all that it starts.
	PIDFDBENCH_GROUP=new setsid env --default-signal=HUP,INT,QUIT,TERM "$BASH" "$0" "$@" <&0 &
	wait $! || status=$?
	trap '' HUP INT TERM
	sweep_group $!
	exit "$status"
}

# at_exit COMMAND: COMMAND is run once, by this shell, when it ends in whatever way,
# and TERM does not reach it then; $exit_status says how: 143 after TERM. A child that
# is killed before bash has made it one would run a plain EXIT trap as well.
exit_status=0
at_exit() {
	# shellcheck disable=SC2064 # the shell of now
	trap "exit_status=\$?; [ \$BASHPID != $BASHPID ] || { trap '' TERM; $1; }" EXIT
	trap 'exit 143' TERM
}

# end_group SIGNAL: see interruptible. Nothing may have been started yet.
end_group() {
	trap '' HUP INT TERM
	[ -z "${!:-}" ] || sweep_group "$!"
	exit $((128 + $1))
}

# sweep_group PID: ends the group of which PID is the first, and PID while it is on
# its way to become that. What has ended and only waits for its parent does not count.
sweep_group() {
	local since
	since=$(uptime_s)
	while kill -TERM -- "-$1" 2>/dev/null || kill -TERM "$1" 2>/dev/null; do
		# shellcheck disable=SC2009 # pgrep counts those that wait for their parent, too
		if ! ps -e -o pid=,pgid=,stat= | grep -qE "^ *($1 +[0-9]+|[0-9]+ +$1) +[^Z]"; then
			return 0
		elif [ $(($(uptime_s) - since)) -ge $interrupt_limit ]; then
			kill -KILL -- "-$1" 2>/dev/null
			return 0
		fi
		sleep 0.1
	done
}

# kill_tree PID: TERM to a process and all its descendants, the parent first: a shell
# whose command dies before it prints "Terminated".
kill_tree() {
	local child children
	children=$(ps -o pid= --ppid "$1" 2>/dev/null) || true
	kill "$1" 2>/dev/null || true
	for child in $children; do kill_tree "$child"; done
}

# end_children: what this shell has in the background, and waits for its end.
end_children() {
	local pid
	for pid in $(jobs -p); do kill_tree "$pid"; done
	wait
}
