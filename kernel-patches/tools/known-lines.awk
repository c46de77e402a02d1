# SPDX-License-Identifier: GPL-2.0-only
# Of configuration lines (second file) those whose options are among the symbols of the
# first file, a name a line without CONFIG_. unknown=1: those whose are not, and that ask
# for something; what is not there is off.
FNR == NR { known[$1]; next }
match($0, /CONFIG_[A-Za-z0-9_]+/) {
	if (substr($0, RSTART + 7, RLENGTH - 7) in known) {
		if (!unknown) print
	} else if (unknown && !/^#/ && !/=n$/) print
}
