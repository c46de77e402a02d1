# SPDX-License-Identifier: GPL-2.0-only
# What the names in a run's tables mean, for report.md: its variants and the
# settings of its benchmarks, and nothing that the run has not. Reads what=known
# (name TAB summary, of kernel-patches/tools/variants), what=variants (in order), and
# what=table (summary.tsv).

function explain(name, text) { meaning[name] = text; order[++settings] = name }

BEGIN {
	FS = "\t"
	explain("target:same", "all workers open descriptors of one process")
	explain("target:own", "each worker opens descriptors of a process of its own")
	explain("target:each", "each descriptor is of another process")
	explain("held:0", "nobody else has a descriptor of that process open")
	explain("held", "so many descriptors of that process stay open meanwhile")
	explain("ns_*/held", "so many files of the namespace stay open meanwhile")
	explain("ns:same", "all workers open one namespace")
	explain("ns:own", "each worker opens a namespace of its own")
	explain("call:userns", "the user namespace that owns another, by its open file")
	explain("call:parent", "the parent of a user namespace, by its open file")
	explain("open:0", "only what else the operation is made of")
	explain("hold:opens", "open files of one namespace that is mounted, from /proc")
	explain("hold:mounts", "bind mounts of namespaces that nobody is in")
	explain("hold:mounts-of-one", "bind mounts of one namespace")
	explain("hold:opens-of-mount", "open files of one namespace, from where it is mounted")
	explain("count", "so many files or mounts are held at once")
	explain("inode:new", "nothing of the namespace exists before the race")
	explain("inode:kept", "a watch keeps an inode of the namespace from before the race")
	explain("races", "so many races")
	explain("fdtable:private", "each worker has a file table of its own")
	explain("cred:shared", "the workers share one struct cred, in which each open and each freed file counts")
	explain("memcg:1", "the workers are in a memory cgroup of their own, as a service is: what they make is charged to it")
	explain("fdtable:shared", "the workers share one file table, and its lock")
	explain("fds", "so many descriptors are open at once")
	explain("lock", "a class of locks, counted by lock_stat")
}
what == "known" { says[$1] = $3; next }
what == "variants" { variant[++variants] = $1; next }
FNR == 1 { next }
{
	count = split($1, part, "/")
	for (i = 2; i <= count; i++) {
		name = part[i]
		if ($1 ~ /^ns_/ && name ~ /^held:/)
			name = "ns_*/held"
		if (!(name in meaning))
			sub(/:.*/, "", name)
		if (name in meaning)
			met[name] = 1
	}
}
END {
	print "| variant | how an open finds its inode and dentry |"
	print "|---------|-----------------------------------------|"
	for (v = 1; v <= variants; v++)
		print "| " variant[v] " | " (variant[v] in says ? says[variant[v]] : "(not known to this checkout)") " |"
	print ""
	for (i = 1; i <= settings; i++)
		if (order[i] in met)
			text = text "- `" order[i] (order[i] ~ /:/ ? "" : order[i] == "lock" ? ":NAME" : ":N") "`: " meaning[order[i]] "\n"
	if (text != "")
		print "In the names of benchmarks:\n\n" text
}
