#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# plot/export and plot/import: a run goes elsewhere whole, and nothing that is
# damaged or leads out of its folder comes in.
# shellcheck source=tests/lib.sh
. "$(dirname "$0")/../lib.sh"
export RESULTS=$scratch/there
here=$scratch/here/run1
tables=(report.md report.txt summary.tsv samples.tsv)

digests() { (cd "$1" && sha256sum "${tables[@]}"); }
unpacked() { find "$RESULTS" -mindepth 1 -maxdepth 1 -printf '%P\n' 2>/dev/null | sort | paste -sd ' '; }

"$top/tests/fixtures/make-run" "$top/tests/fixtures/basic.spec" "$here"
"$top/plot/report" "$here" >/dev/null
check_equal "export prints the file" "$scratch/run.tar.gz" "$("$top/plot/export" "$here" "$scratch/run.tar.gz" 2>&1)"
check_equal "import prints the folder" "$RESULTS/run1" "$(cd "$top/tests" && "$top/plot/import" "$scratch/run.tar.gz" 2>&1)"
check_equal "plots and reports are made anew, not carried" "" "$(find "$RESULTS/run1" -name 'report.*' -o -name plots)"
"$top/plot/report" "$RESULTS/run1" >/dev/null
check_equal "the report made there is the one made here" "$(digests "$here")" "$(digests "$RESULTS/run1")"
check_equal "nothing but the run has been left there" run1 "$(unpacked)"
"$top/plot/export" "$RESULTS/run1" "$scratch/again.tar.gz" >/dev/null
check "and exports to the same bytes" cmp "$scratch/run.tar.gz" "$scratch/again.tar.gz"
check "a run from elsewhere compares with a local one" "$top/plot/compare" "$here:anon-inode" "$RESULTS/run1:anon-inode"

check_fails "a run that is there is not overwritten" 'run1 is there already.*NAME=' "$top/plot/import" "$scratch/run.tar.gz"
check_equal "NAME= imports beside it" "$RESULTS/theirs" "$("$top/plot/import" "$scratch/run.tar.gz" theirs 2>&1)"
for bad in ../x latest a/b x.partial; do
	check_fails "NAME=$bad is refused" "'$bad' is no name for a run" "$top/plot/import" "$scratch/run.tar.gz" $bad
done

check_fails "export of what is no run" 'context.json is missing' "$top/plot/export" "$scratch" "$scratch/no.tar.gz"
check_fails "export of nothing" 'is not a folder' "$top/plot/export" "$scratch/none" "$scratch/no.tar.gz"
check_fails "export to nowhere" 'is not a folder: cannot write' "$top/plot/export" "$here" "$scratch/none/no.tar.gz"
ln -s /proc/self/fd/1 "$scratch/stdout"
check_fails "export to standard output's name" 'no regular file' "$top/plot/export" "$here" "$scratch/stdout"
check "which stays what it is" test -L "$scratch/stdout"
mv "$here" "$here.partial"
check_fails "export of a run under way" 'being measured, or was cut off' "$top/plot/export" "$here.partial" "$scratch/no.tar.gz"
mv "$here.partial" "$here"
ln -s /etc/passwd "$here/link"
check_fails "import of what is no tar.gz, with a reason" 'passwd is damaged or no tar\.gz: [^ ]' "$top/plot/import" /etc/passwd
check_fails "export of a link" 'link is neither a file nor a folder' "$top/plot/export" "$here" "$scratch/no.tar.gz"
rm "$here/link"
check "and no file is left of any" test ! -e "$scratch/no.tar.gz"

# refused NAME REGEX: of $scratch/bad.tar.gz, and leaves nothing.
before=$(unpacked)
refused() {
	check_fails "import refuses $1" "$2" "$top/plot/import" "$scratch/bad.tar.gz"
	check_equal "import leaves nothing of $1" "$before" "$(unpacked)"
}
# repack EDIT...: unpacks the run to $scratch/edit, runs the edit in there, packs it.
repack() {
	rm -rf "$scratch/edit"
	mkdir "$scratch/edit"
	tar -xzf "$scratch/run.tar.gz" -C "$scratch/edit"
	(cd "$scratch/edit/run1" && "$@")
	mv "$scratch/edit/run1" "$scratch/edit/run2"
	tar -czf "$scratch/bad.tar.gz" -C "$scratch/edit" run2
}
head -c 2000 "$scratch/run.tar.gz" >"$scratch/bad.tar.gz"
refused "a cut-off tar" 'damaged'
cp "$scratch/run.tar.gz" "$scratch/bad.tar.gz"
printf '\377\377\377\377' | dd of="$scratch/bad.tar.gz" bs=1 seek=900 conv=notrunc status=none
refused "a flipped byte" 'damaged'
echo hello >"$scratch/bad.tar.gz"
refused "a text file" 'damaged or no tar.gz'
: | tar -czf "$scratch/bad.tar.gz" -T -
refused "an empty tar" 'is empty'
repack sed -i 's/throughput/Throughput/' anon-inode/boot-1/bench.json
refused "a changed file" 'anon-inode/boot-1/bench.json is not what was exported'
repack rm anon-inode/boot-1/bench.json
refused "a missing file" 'anon-inode/boot-1/bench.json is missing'
repack touch anon-inode/more
refused "a file too many" 'anon-inode/more is not in its manifest'
repack rm manifest.sha256
refused "a tar without a manifest" 'no run2/manifest.sha256'
repack ln -s /etc/passwd link
refused "a symbolic link" 'neither a file nor a folder'
repack ln context.json hard
refused "a hard link" 'neither a file nor a folder'
repack mkfifo pipe
refused "a pipe" 'neither a file nor a folder'
repack touch 'a b'
refused "a name with a blank" 'odd name'
repack touch $'a\nb'
refused "a name with a line break" 'odd name'
cp "$scratch/run.tar.gz" "$scratch/edit/out"
(cd "$scratch/edit/run2" && tar -czPf "$scratch/bad.tar.gz" ../out)
refused "a path upwards" "member '../out' leads out"
tar -czPf "$scratch/bad.tar.gz" "$scratch/edit/out"
refused "an absolute path" 'leads out'
tar -czPf "$scratch/bad.tar.gz" -C "$scratch/edit" run2/../out
refused "a path upwards in the middle" 'leads out'
rm "$scratch/edit/run2/"$'a\nb'
tar -czf "$scratch/bad.tar.gz" -C "$scratch/edit" run2 out
refused "two folders" "'out' is outside the folder 'run2'"

newer() {
	jq '.schema = 99' context.json >t && mv t context.json
	rm manifest.sha256
	find . -type f -printf '%P\n' | sort | xargs -d '\n' sha256sum >../manifest
	mv ../manifest manifest.sha256
}
repack newer
refused "a run of a newer schema" 'bad.tar.gz: run2/context.json: schema 99 is newer'
