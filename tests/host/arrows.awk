# SPDX-License-Identifier: GPL-2.0-only
# Which room uses which: reads the list of all files, then the files themselves, and prints
# `room TAB used room TAB file:line: path` for each path of another room in a C include, a
# script, an awk or jq program, a makefile. Comments do not count. A room is a top folder,
# or a folder of bench/; of what lies in bench/ itself -v base= (an expression) is the room
# bench/base, the rest the room bench.

function folder(path) { return path ~ /\// ? gensub(/\/[^\/]*$/, "", 1, path) : "." }
# normal PATH: without . and .. parts; empty where it leaves the top.
function normal(path,    part, n, i, out, k) {
	n = split(path, part, "/")
	for (i = 1; i <= n; i++) {
		if (part[i] == "" || part[i] == ".") continue
		if (part[i] != "..") out[++k] = part[i]
		else if (k-- == 0) return ""
	}
	path = ""
	for (i = 1; i <= k; i++) path = path (i > 1 ? "/" : "") out[i]
	return path
}
# room PATH: of a file or folder; what is built belongs where its source lies.
function room(path,    part, n) {
	if (path ~ base) return "bench/base"
	# Of what is built in no folder of its own, the program is main's, the rest for guests.
	if (path ~ /^build\/bench\/[^\/]*$/) return path == "build/bench/pidfdbench" ? "bench" : from
	sub(/^build\//, "", path)
	n = split(path, part, "/")
	if (part[1] == "bench" && (n > 2 || (n == 2 && (path in holds)))) return "bench/" part[2]
	return n > 1 || part[1] in holds ? part[1] : "top"
}
# known PATH: a file or folder of ours, or what is built beside the objects of a room.
function known(path) { return path in file || path in holds || path ~ /^build\/(bench|plot|tests)\/./ }
function arrow(path,    to) {
	to = room(path)
	if (path != "" && to != from && to != "top") print from "\t" to "\t" FILENAME ":" FNR ": " path
}
# used TOKEN: a path that a script names, from the top or from where the script lies.
function used(token,    path) {
	sub(/\/+$/, "", token)
	if (token !~ /\//) return
	path = normal(token)
	if (!known(path)) path = normal(folder(FILENAME) "/" token)
	if (path ~ /\// && known(path)) arrow(path)
}

FNR == NR {
	file[$0]
	for (path = folder($0); path != "."; path = folder(path)) holds[path]
	next
}
FNR == 1 {
	from = room(FILENAME)
	c = FILENAME ~ /\.(c|cc|h)$/
}
c {
	if (match($0, /^#include "([^"]*)"/, part)) {
		path = normal(folder(FILENAME) "/" part[1])
		if (!(path in file)) path = "bench/" part[1]
		if (path in file) arrow(path)
	}
	next
}
/^[[:space:]]*#/ { next }
{
	line = $0
	gsub(/[[:space:]]#[[:space:]].*/, "", line)
	# Where a script's folder names stand for something.
	gsub(/"?\$\{?suite\}?"?\/|"?\$\{?top\}?"?\//, " ", line)
	gsub(/"?\$\{?tools\}?"?\/|\$\(tools\)\//, " kernel-patches/tools/", line)
	gsub(/"?\$\{?patches_root\}?"?\//, " kernel-patches/", line)
	gsub(/"?\$\{?plot_dir\}?"?\//, " plot/", line)
	gsub(/\$\(BUILD\)\//, " build/", line)
	gsub(/"?\$\{?here\}?"?\/|"?\$\(dirname "\$(0|\{BASH_SOURCE\[0\]\})"\)\//, " ./", line)
	n = split(line, word, /[^A-Za-z0-9_.\/-]+/)
	for (i = 1; i <= n; i++) used(word[i])
}
